from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "guatu.hub.web"
    label = "web"
