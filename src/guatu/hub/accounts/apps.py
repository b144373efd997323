from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "guatu.hub.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Every session notes when and where it began, whatever way somebody signs in."""
        from django.contrib.auth.signals import user_logged_in

        from guatu.hub.accounts.sign_in.sessions import begin

        user_logged_in.connect(begin, dispatch_uid="guatu.sessions.begin")
