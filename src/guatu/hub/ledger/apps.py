from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "guatu.hub.ledger"
    label = "ledger"
