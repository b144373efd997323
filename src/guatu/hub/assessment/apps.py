from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "guatu.hub.assessment"
    label = "assessment"
