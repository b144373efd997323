from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "guatu.hub.api"
    label = "api"
