"""Django settings. Everything an office may change comes from the environment (see README.md)."""

import os
from pathlib import Path

import dj_database_url
from django.utils.csp import CSP

from tenshu.config.connections import mail_settings, outgoing_settings
from tenshu.config.environment import (
    env_bool,
    env_int,
    env_list,
    env_networks,
    env_seconds,
    env_secret,
    env_secrets,
    env_word,
    home,
    secret_key,
)
from tenshu.config.sign_on import provider_file, required_roles
from tenshu.ground.operations.logs import configuration

PACKAGE = Path(__file__).resolve().parent.parent
TENSHU_HOME = home()
SECRET_KEY = secret_key(TENSHU_HOME)
#: Former keys, which still open what they have sealed: for the days of a change of the key.
SECRET_KEY_FALLBACKS = env_secrets("TENSHU_SECRET_KEY_FALLBACKS")
DEBUG = False
ALLOWED_HOSTS = env_list("TENSHU_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("TENSHU_TRUSTED_ORIGINS", default=[])
HTTPS = env_bool("TENSHU_HTTPS", default=False)

GROUND = [
    "tenshu.ground.calendar",
    "tenshu.ground.audit",
    "tenshu.ground.access",
    "tenshu.ground.office",
    "tenshu.ground.systems",
    "tenshu.ground.files",
    "tenshu.ground.exchange",
    "tenshu.ground.throttle",
    "tenshu.ground.jobs",
    "tenshu.ground.notices",
    "tenshu.ground.webhooks",
    "tenshu.ground.sign_on",
    "tenshu.ground.api",
    "tenshu.ground.search",
    "tenshu.ground.operations",
    "tenshu.ground.ui",
]
MECHANISMS = [
    "tenshu.mechanisms.figures",
    "tenshu.mechanisms.gathering",
    "tenshu.mechanisms.questionnaire",
    "tenshu.mechanisms.inquiry",
]
ROOMS = ["tenshu.dx.taskforce", "tenshu.dx.karte", "tenshu.dx.liaison", "tenshu.dx.ict_needs"]
TOP = ["tenshu.home", "tenshu.annual"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "django_tasks_db",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.mfa",
    *GROUND,
    *MECHANISMS,
    *ROOMS,
    *TOP,
]

MIDDLEWARE = [
    "tenshu.config.response_headers.ResponseHeadersMiddleware",
    "tenshu.ground.operations.measuring.MeasuringMiddleware",
    "tenshu.ground.operations.door.ProbeDoor",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenshu.ground.api.door.ApiDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tenshu.ground.audit.middleware.OriginMiddleware",
    "tenshu.ground.sign_on.middleware.SessionWatchMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenshu.ground.access.middleware.PermissionTableMiddleware",
    "tenshu.ground.sign_on.middleware.SecondFactorMiddleware",
    "tenshu.ground.calendar.middleware.FiscalYearMiddleware",
    "tenshu.ground.access.keeping.KeptFormMiddleware",
]

ROOT_URLCONF = "tenshu.config.urls"
WSGI_APPLICATION = "tenshu.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*sorted(PACKAGE.glob("*/*/ui/templates")), *sorted(PACKAGE.glob("*/ui/templates"))],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tenshu.ground.ui.context.page_frame",
            ],
            "builtins": ["tenshu.ground.ui.templatetags.tenshu"],
        },
    }
]

DATABASES = {
    "default": dj_database_url.config("TENSHU_DATABASE_URL", f"sqlite:///{TENSHU_HOME}/tenshu.sqlite3")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # DEFERRED transactions lose under concurrent read-then-write; IMMEDIATE waits for its turn instead.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOB_HEARTBEAT_SECONDS = env_seconds("TENSHU_HEARTBEAT_SECONDS", default=5)
JOB_LOST_SECONDS = env_seconds("TENSHU_WORKER_LOST_SECONDS", default=60)
JOB_POLL_SECONDS = env_seconds("TENSHU_WORKER_POLL_SECONDS", default=1)

OUTGOING = outgoing_settings()
MAIL = mail_settings()

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["tenshu.ground.access.backends.LockingBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login_name", "display_name")},
    },
]
CSRF_FAILURE_VIEW = "tenshu.ground.access.keeping.csrf_failure"
LOGIN_URL = "access:login"
LOGIN_REDIRECT_URL = "home:tasks"
SESSION_COOKIE_AGE = env_int("TENSHU_SESSION_HOURS", default=12) * 60 * 60  # counted from the sign-in
SESSION_IDLE_SECONDS = env_int("TENSHU_SESSION_IDLE_MINUTES", default=120) * 60
# Over https the name forbids neighbouring hosts of the same domain to lay a session of theirs under a person.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

_SIGN_ON_FILE = provider_file()
SIGN_ON_PROVIDERS = _SIGN_ON_FILE.providers
SIGN_ON_LDAP = dict(_SIGN_ON_FILE.ldap)
if SIGN_ON_LDAP:
    AUTHENTICATION_BACKENDS += ["tenshu.ground.sign_on.directory.DirectoryBackend"]
SIGN_IN_FAILURES_PER_ADDRESS = env_int("TENSHU_SIGN_IN_FAILURES_PER_ADDRESS", default=50)  # in ten minutes
SIGN_IN_LOG_DAYS = env_int("TENSHU_SIGN_IN_LOG_DAYS", default=400)
CLIENT_ADDRESS_HEADER = os.environ.get("TENSHU_CLIENT_ADDRESS_HEADER", "")
MFA_REQUIRED_ROLES = required_roles()
MFA_ADAPTER = "tenshu.ground.sign_on.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 10
ACCOUNT_ADAPTER = "tenshu.ground.sign_on.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_ADAPTER = "tenshu.ground.sign_on.adapters.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = dict(_SIGN_ON_FILE.allauth)

API_TOKEN_DAYS = env_int("TENSHU_API_TOKEN_DAYS", default=90)
API_REQUESTS_A_MINUTE = env_int("TENSHU_API_REQUESTS_A_MINUTE", default=600)

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = TENSHU_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for our parts
FILES_ROOT = TENSHU_HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^operations/metrics$"]  # scraped on the machine itself
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

LOG_FORMAT = env_word("TENSHU_LOG_FORMAT", ("line", "json"), default="line")
LOG_LEVEL = env_word("TENSHU_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="WARNING")
LOGGING = configuration(LOG_FORMAT, LOG_LEVEL)
BACKUP_PASSPHRASE = env_secret("TENSHU_BACKUP_PASSPHRASE") or ""
METRICS_TOKEN = env_secret("TENSHU_METRICS_TOKEN") or ""
METRICS_NETWORKS = env_networks("TENSHU_METRICS_NETWORKS")
