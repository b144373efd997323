"""All settings of the platform, in one place. `docs/reference/settings.md` explains each variable."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from guatu.hub.audit.holders import holders_named
from guatu.hub.audit.verifier import ALGORITHMS
from guatu.hub.config.environment import Environment
from guatu.hub.config.logs import logging_config
from guatu.hub.config.oidc import providers
from guatu.hub.config.secret import kept_secret
from guatu.hub.config.sqlite import use_bundled_sqlite

use_bundled_sqlite()
_env = Environment()
_data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")

# Where everything the site writes lies: database, attachments, the secret, audit exports.
HOME = _env.folder("GUATU_HOME", _data / "guatu")
SECRET_KEY = _env.text("GUATU_SECRET_KEY") or kept_secret(HOME / "secret-key")
DEBUG = _env.flag("GUATU_DEBUG", False)
# Addresses people type; the first one stands in papers and mails.
HOSTS = _env.words("GUATU_HOSTS", "localhost,127.0.0.1")
ALLOWED_HOSTS = [*HOSTS, "localhost", "127.0.0.1", "[::1]"]  # whoever watches over the site asks on the machine itself
# Behind a reverse proxy that ends TLS and sets X-Forwarded-Proto and X-Forwarded-For itself.
BEHIND_PROXY = _env.flag("GUATU_BEHIND_PROXY", False)
PROXIES = _env.networks("GUATU_PROXIES", "127.0.0.1,::1")
# Cookies only over TLS, HSTS, redirect: on for every site but one tried out on its own machine.
TLS = _env.flag("GUATU_TLS", False)

ATTACHMENTS = HOME / "files"
BACKUPS = _env.folder("GUATU_BACKUPS", HOME / "backups")
BACKUP_HOURS = _env.whole("GUATU_BACKUP_HOURS", 26, 1, 24 * 366)
STOP_SECONDS = _env.whole("GUATU_STOP_SECONDS", 30, 1, 600)
METRICS_TOKEN = _env.text("GUATU_METRICS_TOKEN")
LOG_FORM = _env.choice("GUATU_LOG", "auto", ("auto", "json", "text"))
LOGGING = logging_config(LOG_FORM)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "guatu.hub.audit",
    "guatu.hub.accounts",
    "guatu.hub.ledger",
    "guatu.hub.assessment",
    "guatu.hub.web",
    "guatu.hub.api",
    "guatu.hub.config",
]

MIDDLEWARE = [
    "guatu.hub.config.observing.ObservingMiddleware",
    "guatu.hub.config.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guatu.hub.config.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "guatu.hub.config.language.LanguageMiddleware",
    "guatu.hub.api.door.DoorMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "guatu.hub.config.gates.SessionLimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guatu.hub.config.policy.PolicyMiddleware",
    "guatu.hub.config.gates.GatesMiddleware",
    "guatu.hub.web.refusals.RefusalMiddleware",
    "guatu.hub.web.repeats.RepeatsMiddleware",
    "guatu.hub.api.door.TokenMiddleware",
    "guatu.hub.api.repeats.RepeatsMiddleware",
]

ROOT_URLCONF = "guatu.hub.config.urls"
WSGI_APPLICATION = "guatu.hub.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "guatu.hub.web.templatetags.saying",
                "guatu.hub.web.templatetags.forms",
                "guatu.hub.web.templatetags.addresses",
            ],
            "libraries": {"static": "guatu.hub.web.templatetags.addresses"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "guatu.hub.web.frame.frame",
            ],
        },
    }
]

DATABASES = {"default": _env.database("GUATU_DATABASE", HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["guatu.hub.accounts.sign_in.backends.PersonBackend"]
PASSWORD_HASHERS = ["guatu.hub.accounts.sign_in.hashing.ProfiledArgon2"]
# How people sign in: a shipped profile (modern, mlps3) or the path of a city's own.
SIGN_IN_PROFILE = _env.text("GUATU_SIGN_IN_PROFILE", "modern")
# The sign-in library does the ceremonies; rules, limits, records and pages are ours.
ACCOUNT_ADAPTER = "guatu.hub.accounts.sign_in.adapters.AccountAdapter"
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # throttling is ours: see hub.accounts.throttling
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_METHODS = {"password", "mfa"}
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # addresses are personal details, not names to sign in with
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; the library wants it said
MFA_ADAPTER = "guatu.hub.accounts.sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "guatu.hub.accounts.sign_in.forms.CodeForm",
    "reauthenticate": "guatu.hub.accounts.sign_in.forms.ConfirmingCodeForm",
    "activate_totp": "guatu.hub.accounts.sign_in.forms.EnrolForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # phones are half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
SOCIALACCOUNT_ADAPTER = "guatu.hub.accounts.sign_in.adapters.ProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may lead to no other host (form-action), a link may
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS = providers(_env)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = _env.folder("GUATU_STATIC", HOME / "static")  # gathered there at every start
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": ATTACHMENTS}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# The record cannot be switched off; a site chooses the hash of its chain and who outside holds its checkpoints.
AUDIT_HASH = _env.choice("GUATU_AUDIT_HASH", "sha256", sorted(ALGORITHMS))
AUDIT_HOLDERS = holders_named(_env.words("GUATU_AUDIT_HOLDERS"))
AUDIT_CHECKPOINT_SECONDS = _env.whole("GUATU_AUDIT_CHECKPOINT_SECONDS", 50, 1, 60)
AUDIT_CHECKPOINT_RECORDS = _env.whole("GUATU_AUDIT_CHECKPOINT_RECORDS", 100, 1, 100)
AUDIT_WEB_EXPORT = _env.whole("GUATU_AUDIT_WEB_EXPORT", 200_000, 1, 10_000_000)
AUDIT_MAIL_MINUTES = _env.whole("GUATU_AUDIT_MAIL_MINUTES", 60, 1, 24 * 60)

globals().update(_env.mail("GUATU_MAIL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _env.text("GUATU_MAIL_FROM", "guatu@localhost")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# API tokens: the most days one may be valid, and how many a post may have at a time.
TOKEN_DAYS = _env.whole("GUATU_TOKEN_DAYS", 366, 1, 3660)
TOKENS_PER_POST = _env.whole("GUATU_TOKENS_PER_POST", 10, 1, 1000)
# The API: requests a minute and web process, and the most bytes of a request's body.
API_PER_TOKEN = _env.whole("GUATU_API_PER_TOKEN", 600, 1, 1_000_000)
API_PER_ADDRESS = _env.whole("GUATU_API_PER_ADDRESS", 1200, 1, 1_000_000)
API_BODY_BYTES = _env.whole("GUATU_API_BODY_BYTES", 1 << 20, 1024, 1 << 28)
DATA_UPLOAD_MAX_MEMORY_SIZE = max(5 << 19, API_BODY_BYTES)
# How long a repeated request is known again.
IDEMPOTENCY_HOURS = _env.whole("GUATU_IDEMPOTENCY_HOURS", 48, 24, 24 * 90)

# Workbooks of units and people: how large one may be, and how long one nobody decided on is kept.
LOAD_BYTES = _env.whole("GUATU_LOAD_BYTES", 10 << 20, 1 << 16, 1 << 30)
LOAD_PACK = _env.text("GUATU_LOAD_PACK")
LOAD_HOURS = _env.whole("GUATU_LOAD_HOURS", 72, 1, 24 * 90)

# Maps: the site's own boundaries (GeoJSON files), the number its map was approved under, and the key of 天地图 tiles.
BOUNDARIES = _env.folder("GUATU_BOUNDARIES", HOME / "boundaries")
MAP_APPROVAL = _env.text("GUATU_MAP_APPROVAL")
TIANDITU_KEY = _env.key("GUATU_TIANDITU_KEY")
TIANDITU_HOSTS = [f"https://t{number}.tianditu.gov.cn" for number in range(8)] if TIANDITU_KEY else []

# Attached files: the largest one, the most pixels of a picture, and the longest edge of the copy that is kept.
ATTACHMENT_MB = _env.whole("GUATU_ATTACHMENT_MB", 20, 1, 1024)
ATTACHMENT_MEGAPIXELS = _env.whole("GUATU_ATTACHMENT_MEGAPIXELS", 60, 1, 250)
ATTACHMENT_EDGE = _env.whole("GUATU_ATTACHMENT_EDGE", 4096, 320, 16384)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, *TIANDITU_HOSTS],
        "worker-src": [SELF],  # the map draws in one
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "guatu.hub.config.errors.stale_form"
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # asked on the machine itself, where no TLS is
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_ENGINE = "guatu.hub.accounts.sign_in.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # and at the limits of the profile, whichever comes first
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-session", "__Host-csrf") if TLS else ("session", "csrf")
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
