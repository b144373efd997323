from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "guatu.hub.accounts"
    label = "accounts"
