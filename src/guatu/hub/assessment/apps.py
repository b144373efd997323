from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "guatu.hub.assessment"
    label = "assessment"

    def ready(self) -> None:
        from guatu.hub.assessment.reading import with_light_now
        from guatu.hub.ledger.asking import lights_narrow

        lights_narrow(with_light_now)
