from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "guatu.hub.config"
    label = "site"
