"""Every setting, in one file; docs/settings.md lists the environment variables it reads.

`DIGAO_MODE` decides how strict the installation is: `production` (default), `demo` (one machine,
http://localhost, embedded database and broker) or `test`.
"""

import tomllib
from pathlib import Path

from csp.constants import NONCE, NONE, SELF, STRICT_DYNAMIC
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.environment import BASE_DIR, DATA_DIR, MODE, PRODUCTION, env
from config.evidence_files import *  # noqa: F403 -- settings: where evidence is kept, and how much of it
from config.evidence_files import EVIDENCE_STORAGE
from config.sign_in import *  # noqa: F403 -- what is the same in every installation

# Recorded with every event of the trail.
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
DEBUG = env.bool("DJANGO_DEBUG", default=False)
DEMO_KEY = "demo-only-key" * 5
SECRET_KEY = env.str("DJANGO_SECRET_KEY") if PRODUCTION else env.str("DJANGO_SECRET_KEY", default=DEMO_KEY)
# Former keys: with one the secrets of authenticator apps can still be read.
SECRET_KEY_FALLBACKS = env.list("DJANGO_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])
if PRODUCTION and (DEBUG or SECRET_KEY == DEMO_KEY or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured("Production takes no DJANGO_DEBUG, and a long DJANGO_SECRET_KEY of its own")

INSTALLED_APPS = [
    "foundation.trail",
    "foundation.jobs",
    "foundation.web",
    "foundation.accounts",
    "foundation.files",
    "controls",
    "engagements",
    "procedures",
    "evidence",
    "findings",
    "signoff",
    "reports",
    "desk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "whitenoise.runserver_nostatic",
    "config.staticfiles.ServedFiles",
    "csp",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foundation.web.middleware.PageCompression",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "foundation.web.middleware.private_pages",
    "foundation.web.middleware.plain_text",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "foundation.accounts.middleware.bounded_sessions",
    "foundation.accounts.middleware.second_factor",
    "foundation.web.middleware.explained",
    "foundation.web.uploads.bounded_uploads",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # fields by templates/django/forms/
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            "builtins": ["foundation.web.templatetags.digao"],
        },
    }
]

# Database -----------------------------------------------------------------------------------
# SQLite by default (evaluation, one machine); PostgreSQL with DATABASE_URL=postgres://…

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'digao.sqlite3'}")}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a writer waits for its turn at BEGIN instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all processes: a lockout that only one of them knows is none.
CACHES = {
    "default": env.cache(
        "CACHE_URL",
        default=f"filecache://{DATA_DIR / 'cache'}?max_entries=100000" if MODE != "test" else "locmemcache://",
    )
}

# People -------------------------------------------------------------------------------------

PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{'MD5' if MODE == 'test' else 'Argon2'}PasswordHasher"]

# Nobody works without a second factor. A demonstration may be looked at without one; production never.
MFA_EASED = env.bool("DIGAO_MFA_EASED", default=not PRODUCTION)
if PRODUCTION and MFA_EASED:
    raise ImproperlyConfigured("DIGAO_MFA_EASED is for demonstrations: production asks everybody for a second factor")

ALLAUTH_TRUSTED_PROXY_COUNT = env.int("DIGAO_TRUSTED_PROXIES", default=0)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
if server := env.str("DIGAO_OIDC_SERVER", default=""):
    _client = {"client_id": env.str("DIGAO_OIDC_CLIENT"), "secret": env.str("DIGAO_OIDC_SECRET")}
    _shown = {"provider_id": "oidc", "name": env.str("DIGAO_OIDC_NAME", default="OIDC")}
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [{**_shown, **_client, "settings": {"server_url": server}}]}}

# Mail: invitations and links to a new password. Without a server a demonstration writes it to the worker's log.
vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25" if PRODUCTION else "consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DIGAO_MAIL_FROM", default="Digao <digao@localhost>")
# Where people find this installation, for links in mails: a worker has no request to learn it from.
PUBLIC_URL = env.str("DIGAO_URL", default=f"http://localhost:{env.str('DIGAO_PORT', default='8000')}")

# Browser safety -----------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("DJANGO_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, STRICT_DYNAMIC],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Languages and time -------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", _("Traditional Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Taipei"

# Files --------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": EVIDENCE_STORAGE,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if MODE != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = MODE == "test"  # tests collect no static files
# How many days before the report the representation letter may be dated; practice wants it at or near that date.
REPRESENTATION_DAYS = env.int("DIGAO_REPRESENTATION_DAYS", default=7)

# Where the trail's daily checkpoints are written and mailed: kept where who runs the database can't change them.
CHECKPOINT_DIR = Path(env.str("DIGAO_CHECKPOINT_DIR", default=str(DATA_DIR / "checkpoints")))
CHECKPOINT_MAIL = env.list("DIGAO_CHECKPOINT_MAIL", default=[])

# Background work ----------------------------------------------------------------------------
# Celery on a folder by default; Redis with CELERY_BROKER_URL=redis://…

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
_QUEUE_DIR = DATA_DIR / "queue"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": str(_QUEUE_DIR / "messages"),
        "data_folder_out": str(_QUEUE_DIR / "messages"),
        "control_folder": str(_QUEUE_DIR / "control"),
        "store_processed": False,
        # Seconds between looks into the folder; by default 1, which is also the time between two jobs.
        "polling_interval": 0.1,
    }
    if CELERY_BROKER_URL.startswith("filesystem:")
    else {
        "visibility_timeout": 3600,
        # A broker that swallows packets must not hold beat for longer than a lease.
        "socket_connect_timeout": 5,
        "socket_timeout": 10,
        "socket_keepalive": True,
    }
)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = None  # no results are kept, so beat need not clean any up
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_000_000
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 360
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "foundation.jobs.clock:RelayingScheduler"
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = TIME_ZONE

# API ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "foundation.web.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "EXCEPTION_HANDLER": "foundation.web.api_errors.answer",
    "DEFAULT_PERMISSION_CLASSES": ["foundation.web.permissions.DeclaredPermission"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "foundation.web.pagination.Pages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["foundation.web.json_bodies.JSONBody"],
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.NamespaceVersioning",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Digao API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Logs ---------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("DIGAO_LOG_LEVEL", default="INFO")},
    # WeasyPrint's warnings are read by the renderer itself, which fails on errors.
    "loggers": {"fontTools": {"level": "WARNING"}, "pikepdf": {"level": "WARNING"}, "weasyprint": {"level": "ERROR"}},
}
