"""Django's settings, in code. No database, no sessions, no cookies: the pages show what the log holds.

Also for Django's own server: `python -m django runserver --settings tray_status.web.settings`.
"""

from __future__ import annotations

import os
from pathlib import Path

from . import hosts

DEBUG = False
ALLOWED_HOSTS = hosts.allowed_hosts("127.0.0.1", os.environ.get(hosts.HOSTS_VARIABLE, ""))
ROOT_URLCONF = "tray_status.web.urls"
WSGI_APPLICATION = "tray_status.wsgi.application"
INSTALLED_APPS: list[str] = []
MIDDLEWARE = [
    "tray_status.web.headers.strict_headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",  # it is the one that checks the Host header
    "tray_status.web.gate.gate",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).with_name("templates")],
    }
]
SECURE_REFERRER_POLICY = "no-referrer"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 128 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_HANDLERS: list[str] = []
USE_I18N = False
USE_TZ = False
TIME_ZONE = None  # or Django would set the zone of the whole process
LOGGING_CONFIG = None
