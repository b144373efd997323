"""What the web server loads."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from guatu.hub.config.proxies import Application, behind

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.hub.config.settings")
application: Application = get_wsgi_application()

if settings.BEHIND_PROXY:
    application = behind(settings.PROXIES, application)
