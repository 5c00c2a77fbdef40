"""Settings: everything that differs between machines comes from the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from chezhe.config import rooms
from chezhe.kernel import client_address, logs

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(os.environ.get("CHEZHE_VAR", ROOT / "var"))
MODE = os.environ.get("CHEZHE_MODE", "dev")
if MODE not in ("demo", "dev", "test", "production"):
    raise ImproperlyConfigured("CHEZHE_MODE must be demo, dev, test or production")
IS_PRODUCTION = MODE == "production"


def _secret(name: str) -> str:
    """From the environment; else, outside production, from a file made once under var/."""
    if value := os.environ.get(name):
        return value
    if IS_PRODUCTION:
        raise ImproperlyConfigured(f"{name} must be set in production")
    path = VAR / "secrets" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text()


def _database(url: str) -> dict[str, object]:
    """PostgreSQL only: `postgresql://user:password@host:port/name` or `…/name?host=/socket/folder`."""
    parts = urlparse(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or query.get("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "prepare_threshold": 1,  # only for `kernel.prepared`: what Django composes itself is never prepared
            "options": f"-c lock_timeout={LOCK_SECONDS}s -c idle_in_transaction_session_timeout=120s "
                       f"-c timezone=Asia/Shanghai{IF_INVENTED}",
            **({"pool": {"min_size": 2, "max_size": POOL_SIZE, "timeout": 20}} if USE_POOL else {}),
        },
    }


POOL_SIZE = int(os.environ.get("CHEZHE_POOL", "16"))
USE_POOL = MODE in ("demo", "production") and os.environ.get("CHEZHE_PROCESS") == "web"
# A database that is just being invented is thrown away if the power fails half way: it need not wait for the disk.
IF_INVENTED = " -c synchronous_commit=off" if MODE in ("demo", "test") and os.environ.get("CHEZHE_PROCESS") == "invent" else ""
# Whoever waits longer for what another holds is told that it is busy; nobody waits without end.
LOCK_SECONDS = int(os.environ.get("CHEZHE_LOCK_SECONDS", "10"))
# A worker that has not been heard of for so long is dead, and its jobs are taken up by another.
WORKER_STALLED_SECONDS = float(os.environ.get("CHEZHE_WORKER_STALLED_SECONDS", "30"))
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///chezhe"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = _secret("SECRET_KEY")
KEYS_FILE = os.environ.get("CHEZHE_KEYS_FILE", str(VAR / "secrets" / "keys.json"))
DEBUG = False
ALLOWED_HOSTS = os.environ.get("CHEZHE_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
# Only these may say in X-Forwarded-For from where a request came: addresses or networks of our own proxies.
try:
    TRUSTED_PROXIES = client_address.networks(os.environ.get("CHEZHE_TRUSTED_PROXIES", "").split(","))
except ValueError as failure:
    raise ImproperlyConfigured(f"CHEZHE_TRUSTED_PROXIES: {failure}") from None
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CHEZHE_ORIGINS", "").split(",") if o]

# One-click sign-in with the second factor filled in: for trying the product, never with real people's data.
DEMO_LOGINS = os.environ.get("CHEZHE_DEMO_LOGINS", "on" if MODE == "demo" else "off") == "on"
if DEMO_LOGINS and IS_PRODUCTION:
    raise ImproperlyConfigured("CHEZHE_DEMO_LOGINS must be off in production")
# Whoever tries the product wants to see next month's instalment: the demo's books may run ahead of the calendar.
BOOKS_MAY_RUN_AHEAD = os.environ.get("CHEZHE_BOOKS_MAY_RUN_AHEAD", "on" if MODE == "demo" else "off") == "on"
if BOOKS_MAY_RUN_AHEAD and IS_PRODUCTION:
    raise ImproperlyConfigured("CHEZHE_BOOKS_MAY_RUN_AHEAD must be off in production")
STEP_UP_REQUIRED = os.environ.get("CHEZHE_STEP_UP", "on") == "on"
AUTH_PROFILE = os.environ.get("CHEZHE_AUTH_PROFILE", "mlps3")
if AUTH_PROFILE not in ("mlps3", "asvs"):
    raise ImproperlyConfigured("CHEZHE_AUTH_PROFILE must be mlps3 or asvs")

INSTALLED_APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
    "django.contrib.staticfiles", "django.contrib.postgres", "django_htmx", "django_cotton", "procrastinate.contrib.django",
    *[f"chezhe.{room}" for room in rooms.built()],
]
MIDDLEWARE = [
    "chezhe.kernel.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chezhe.kernel.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "chezhe.documents.middleware.UploadLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "chezhe.staff.middleware.ActorMiddleware",
    "chezhe.portal.middleware.OutsiderMiddleware",
    "chezhe.contracts.middleware.GuestMiddleware",
    "chezhe.kernel.middleware.BusinessErrorMiddleware",
    "chezhe.kernel.middleware.IdempotencyMiddleware",
]
ROOT_URLCONF = "chezhe.config.urls"
WSGI_APPLICATION = "chezhe.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.cached.Loader", [
                    "django_cotton.cotton_loader.Loader",
                    "django.template.loaders.filesystem.Loader",
                    "django.template.loaders.app_directories.Loader",
                ])
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "chezhe.ui.context.shell",
            ],
        },
    }
]
COTTON_DIR = "cotton"

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/sign-in/"
# Outsiders have doors of their own (room `portal`): there nobody of the staff exists, and elsewhere no outsider does.
LOGIN_URLS = {"staff": LOGIN_URL, "borrower": "/m/sign-in/", "dealer": "/d/sign-in/"}
# Doors behind a link that somebody was sent: nobody who has signed in exists there either (`contracts.middleware`).
GUEST_PATHS = ("/contracts/s/", "/contracts/guest/", "/api/v1/contracts/guest/")
OUTSIDE_PATHS = ("/m/", "/d/", "/api/v1/portal/")
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "chezhe.staff.browser_sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if IS_PRODUCTION else "session"
CSRF_FAILURE_VIEW = "chezhe.ui.views.csrf_failed"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_PRODUCTION else "csrf"
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PRODUCTION else None
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
USE_TZ, TIME_ZONE, USE_I18N = True, "Asia/Shanghai", True
LOCALE_PATHS = [ROOT / "src" / "chezhe" / room / "locale" for room in rooms.built()]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE in ("dev", "test") else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Pages name files by their hash only: the others need not be compressed.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = MODE in ("dev", "test")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_BYTES_MAX = 20 * 1024 * 1024
SIMULATORS_URL = os.environ.get("CHEZHE_SIMULATORS_URL", "http://127.0.0.1:8400")
# The form in which the bureau is asked for a person's report: json or xml.
BUREAU_FORM = os.environ.get("CHEZHE_BUREAU_FORM", "json")
if BUREAU_FORM not in ("json", "xml"):
    raise ImproperlyConfigured("CHEZHE_BUREAU_FORM is json or xml")
# Who puts electronic signatures under papers: `local`, by the test authority of this machine, or `provider`, an outside service.
ESIGN = os.environ.get("CHEZHE_ESIGN", "provider" if IS_PRODUCTION else "local")
if ESIGN not in ("local", "provider"):
    raise ImproperlyConfigured("CHEZHE_ESIGN must be local or provider")
# The roots that signatures and time stamps must lead to, as PEM; without it those of the test authority.
SIGNING_ROOTS = os.environ.get("CHEZHE_SIGNING_ROOTS", "")
PUBLIC_URL = os.environ.get("CHEZHE_PUBLIC_URL", "http://127.0.0.1:8000")

LOGGING_CONFIG = None
logs.configure(as_json=MODE != "dev")
SILENCED_SYSTEM_CHECKS = ["fields.W342"]
