"""The test city, and fast password hashes."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.hub.people import City, build_city

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture
def city(db: None) -> City:
    return build_city()
