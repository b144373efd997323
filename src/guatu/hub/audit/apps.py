from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "guatu.hub.audit"
    label = "audit"
