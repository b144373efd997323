from django.apps import AppConfig
from django.db.backends.signals import connection_created


class LedgerConfig(AppConfig):
    name = "guatu.hub.ledger"
    label = "ledger"

    def ready(self) -> None:
        from guatu.hub.ledger.grid.sums import teach_to_sum

        connection_created.connect(teach_to_sum, dispatch_uid="guatu.ledger.exact_sum")
