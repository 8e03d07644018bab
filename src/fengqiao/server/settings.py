"""Django settings. What a deployment may change comes from the environment; `fengqiao doctor` lists it."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from fengqiao.server.finding import kind_names

ROOT = Path(__file__).resolve().parent.parent


def flag(name: str, default: str = "0") -> bool:
    return os.environ.get(name, default) in ("1", "true", "yes")


DEBUG = flag("FENGQIAO_DEBUG")
DEVELOPMENT = flag("FENGQIAO_DEVELOPMENT")
# The program hands the secrets of its data directory down; a bare import (lint, build) gets throw-away ones.
SECRET_KEY = os.environ.get("FENGQIAO_SECRET_KEY") or base64.b64encode(os.urandom(40)).decode()
FENGQIAO_MASTER_KEY = os.environ.get("FENGQIAO_MASTER_KEY") or base64.b64encode(os.urandom(32)).decode()
# What words about persons are sealed with from now on; what was sealed before opens whatever is said here.
FENGQIAO_CIPHER = os.environ.get("FENGQIAO_CIPHER", "aes-gcm")
FENGQIAO_HOME = os.environ.get("FENGQIAO_HOME", "")
ALLOWED_HOSTS = os.environ.get("FENGQIAO_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("FENGQIAO_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "fengqiao.store.apps.StoreConfig",
    "fengqiao.ground.apps.GroundConfig",
    "fengqiao.people.apps.PeopleConfig",
    "fengqiao.checks.apps.ChecksConfig",
    "fengqiao.evidence.apps.EvidenceConfig",
    "fengqiao.histories.apps.HistoriesConfig",
    "fengqiao.matters.apps.MattersConfig",
    "fengqiao.pages.apps.PagesConfig",
    "fengqiao.figures.apps.FiguresConfig",
    "fengqiao.desk.apps.DeskConfig",
    "fengqiao.field.apps.FieldConfig",
    "fengqiao.public.apps.PublicConfig",
    *(f"fengqiao.kinds.{name}" for name in kind_names()),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "fengqiao.pages.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fengqiao.people.middleware.Asking",
    "fengqiao.server.in_turn.InTurn",
    "fengqiao.server.right_time.RightTime",
    "fengqiao.people.middleware.OneTransaction",
    "fengqiao.people.middleware.SignedIn",
    "fengqiao.desk.middleware.Problems",
]

ROOT_URLCONF = "fengqiao.server.urls"
WSGI_APPLICATION = "fengqiao.server.wsgi.application"
AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "fengqiao.desk.context.shell",
            ]
        },
    }
]


def database(url: str, *, role: str = "", pooled: bool = False) -> dict[str, Any]:
    """Django's database settings from a PostgreSQL URL; `role` is switched to at connection start."""
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    options: dict[str, Any] = {key: value for key, value in query.items() if key != "host"}
    # Bound by the server, a statement is prepared after its fifth use: the work of planning is saved.
    options |= {"server_side_binding": True, "prepare_threshold": 5}
    if role:
        options["options"] = f"-c role={role}"
    if pooled:
        options["pool"] = {
            "min_size": 1,
            "max_size": int(os.environ.get("FENGQIAO_POOL", "24")),
            "timeout": 10,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


# Two logins: the application's, which row-level security binds, and the owner's, for migrations only.
_app = os.environ.get("FENGQIAO_APP_URL", "postgresql://fengqiao_app@/fengqiao")
_owner = os.environ.get("FENGQIAO_OWNER_URL", _app)
_role = os.environ.get("FENGQIAO_APP_ROLE", "")
DATABASES = {
    "default": database(_app, role=_role, pooled=flag("FENGQIAO_POOLED")),
    "owner": database(_owner) | {"TEST": {"MIRROR": "default"}},
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
# Collected into the data directory when the program prepares itself; until then served from the source.
_collected = Path(FENGQIAO_HOME) / "static" if FENGQIAO_HOME else ROOT / "pages" / "static"
STATIC_ROOT = os.environ.get("FENGQIAO_STATIC") or str(_collected)
_hashed = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _hashed if (Path(STATIC_ROOT) / "staticfiles.json").exists() else _plain},
}
WHITENOISE_USE_FINDERS = STORAGES["staticfiles"]["BACKEND"] == _plain

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "fengqiao_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "fengqiao_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "fengqiao.pages.views.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if flag("FENGQIAO_HTTPS"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = [
    "fengqiao.server.uploads.Capped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# A stream holds a thread for as long as it is open; some are kept back for pages.
THREADS = int(os.environ.get("FENGQIAO_THREADS", "256"))
STREAMS_MAX = max(1, THREADS - 56)

# Where seals are copied to outside the database: the data directory, and another disk or share if told.
_copies = [
    str(Path(FENGQIAO_HOME) / "seals") if FENGQIAO_HOME else "",
    os.environ.get("FENGQIAO_SEAL_COPY", ""),
]
SEAL_FOLDERS = [Path(folder) for folder in _copies if folder]

# Idle minutes after which a desk session ends, and a phone's (GB/T 22239 8.1.4.1 b).
IDLE_MINUTES = int(os.environ.get("FENGQIAO_IDLE_MINUTES", "15"))
# Minutes a code shown at a door holds, at most; it ends earlier with the visit.
VISIT_CODE_MINUTES = int(os.environ.get("FENGQIAO_VISIT_CODE_MINUTES", "120"))
# How many reverse proxies stand in front and append to X-Forwarded-For.
TRUSTED_PROXIES = int(os.environ.get("FENGQIAO_PROXIES", "0"))
# The demo station is played by the worker; a real station never is, whatever this says.
PLAY = flag("FENGQIAO_PLAY", "1")
# Where the map's basemap comes from, as an address with {z}, {x}, {y}; without one there is none.
MAP_TILES = os.environ.get("FENGQIAO_TILES", "")
MAP_TILES_DATUM = os.environ.get("FENGQIAO_TILES_DATUM", "wgs84")
SIGN_IN_URL = "/sign-in"
LOGIN_URL = SIGN_IN_URL
LOGGING_CONFIG = None
