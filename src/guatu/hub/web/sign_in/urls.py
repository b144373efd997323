"""Addresses of signing in and of one's own account. Names the sign-in library leads to are its own."""

from __future__ import annotations

from django.urls import path

from guatu.hub.web.sign_in import account, doors, factors, helping, providers

urlpatterns = [
    path("sign-in", doors.enter, name="account_login"),
    path("sign-in/second-step", doors.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey", doors.PasskeyDoor.as_view(), name="mfa_login_webauthn"),
    path("sign-in/with/<str:provider_id>", providers.go, name="openid_connect_login"),
    path("sign-in/with/<str:provider_id>/back", providers.back, name="openid_connect_callback"),
    path("sign-out", doors.leave, name="account_logout"),
    path("account", account.account, name="account"),
    path("account/password", account.password, name="account_password"),
    path("account/confirm", account.Confirm.as_view(), name="account_reauthenticate"),
    path("account/confirm/code", account.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("account/confirm/passkey", account.ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("account/sessions/end-others", account.end_others, name="sessions_end_others"),
    path("account/sessions/<str:name>/end", account.end_session, name="session_end"),
    path("account/second-factors", factors.Factors.as_view(), name="mfa_index"),
    path("account/second-factors/codes", factors.AddCodes.as_view(), name="mfa_activate_totp"),
    path("account/second-factors/codes/remove", factors.RemoveCodes.as_view(), name="mfa_deactivate_totp"),
    path("account/second-factors/passkey", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/second-factors/passkey/<int:pk>/remove", factors.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/recovery-codes", factors.RecoveryCodesShown.as_view(), name="mfa_view_recovery_codes"),
    path("account/recovery-codes/make", factors.MakeRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("people/<int:person_id>/password/reset", helping.reset_password_of, name="person_reset_password"),
    path("people/<int:person_id>/slip", helping.slip, name="person_slip"),
    path(
        "people/<int:person_id>/second-factor/reset", helping.reset_second_factor_of, name="person_reset_second_factor"
    ),
    path("people/<int:person_id>/sessions/end", helping.end_sessions_of, name="person_end_sessions"),
]
