"""
The one settings file. What differs between deployments is read here, typed, from the environment; `.env.example`
explains every variable. Constants of behaviour live beside the code they govern.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django_prose_editor.config import html_tags
from js_asset import static_lazy

from foundation import demo

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(env.path("ENV_FILE", default=str(BASE_DIR / ".env"))())


def secret(name: str, *, debug_default: str):
    """A secret has a default only under DEBUG: its absence in production stops the start with the variable's name."""
    return env(name, default=debug_default if DEBUG else environ.Env.NOTSET)


# Core

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret("SECRET_KEY", debug_default="only-for-debugging-" + "x" * 40)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "comments",
    "articles",
    "donations",
    "bottrap",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts",
    "pagecache",
    "foundation",
    "django_prose_editor",
    "js_asset",
    "articles.apps.BackgroundWorkConfig",
    "articles.apps.DeskConfig",
    "accounts.apps.GroupsConfig",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "pagecache.middleware.keep_pages",
    "foundation.headers.carry",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.staff.middleware.watch_sessions",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "articles.middleware.redirect_moved_articles",
    "donations.middleware.keep_the_figure_fresh",
    "donations.middleware.say_when_the_database_is_away",
]

ROOT_URLCONF = "antiempire.urls"
WSGI_APPLICATION = "antiempire.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csp",
                "articles.context.identity",
            ],
        },
    },
]

# Database. SQLite waits for a writer instead of failing, takes the write lock at the start of a transaction and
# survives a power cut; PostgreSQL keeps its connections between requests.

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'site.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        timeout=20,
        transaction_mode="IMMEDIATE",
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    )
else:
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    # No question is long enough to be worth compiling: that took two thirds of searching for a common word.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c jit=off")

CACHES = {
    "default": env.cache_url("CACHE_URL", default=f"filecache://{BASE_DIR / 'var' / 'cache'}"),
}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    CACHES["default"]["BACKEND"] = "foundation.caches.ForgivingRedis"

# Stored pages for anonymous readers: in Redis, in files of this machine, or nowhere. The folder is this machine's own
# and shared by its processes; the front server's is emptied when a page must be seen no longer.

PAGE_CACHE_URL = env("PAGE_CACHE_URL", default="")
PAGE_CACHE_FOLDER = env("PAGE_CACHE_FOLDER", default=str(BASE_DIR / "var" / "pagecache"))
FRONT_CACHE_FOLDER = env("FRONT_CACHE_FOLDER", default="")

# Background work runs in `manage.py db_worker`.

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Accounts

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "account"

# Readers sign in by a code sent by mail, staff by their password. The backend written into a session tells which, and
# one that was begun by a code opens no door of the desk (`accounts.backends`). Codes are counted by `accounts.codes`.

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "accounts.backends.CodeBackend"]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code itself is the proof
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3

# Whoever works at the desk shows a second factor after the password. Only the demo may do without.

MFA_ADAPTER = "accounts.staff.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # half a minute either way, for telephones whose clock is off

# Language, time and money. TIME_ZONE decides the dates in addresses and the bounds of quarters, BASE_CURRENCY what
# every total is told in: neither may change once the site has published or taken money.

LANGUAGE_CODE = env("LANGUAGE_CODE", default="en")
TIME_ZONE = env("TIME_ZONE", default="UTC")
BASE_CURRENCY = env("BASE_CURRENCY", default="USD")
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "antiempire.formats"
SEARCH_LANGUAGE = env("SEARCH_LANGUAGE", default="english")

# Files

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "foundation.bundles.BundleFinder",
]
# The order of sheets is that in which they overrule each other.
STATIC_BUNDLES = {
    "css/site.css": [
        *(f"css/{name}.css" for name in ("tokens", "base", "masthead", "footer", "listing", "home")),
        *(f"css/{name}.css" for name in ("article", "prose", "addendum", "embed", "focus", "pages", "ask", "print")),
        *(f"css/{name}.css" for name in ("form", "comments", "comment_form")),
    ],
    "js/article.js": [f"js/{name}.js" for name in ("times", "updates", "play", "comments")],
}
MEDIA_URL = env("MEDIA_URL", default="/media/").rstrip("/") + "/"
MEDIA_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(MEDIA_URL))] if urlsplit(MEDIA_URL).netloc else []
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))()
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=DEBUG)
WHITENOISE_ALLOW_ALL_ORIGINS = False
BACKUP_FOLDER = env("BACKUP_FOLDER", default="")
BACKUPS_KEPT = env.int("BACKUPS_KEPT", default=14)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
S3_BUCKET = env("S3_BUCKET", default="")
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "foundation.object_storage.PublicFiles",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env("S3_ENDPOINT_URL", default="") or None,
            "region_name": env("S3_REGION", default="") or None,
            "access_key": secret("S3_ACCESS_KEY", debug_default=""),
            "secret_key": secret("S3_SECRET_KEY", debug_default=""),
        },
    }
FILE_UPLOAD_HANDLERS = [
    "articles.images.uploads.CutLargeFiles",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Mail

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="editors@localhost")
MAILERS = {
    "default": {
        "BACKEND": env("MAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend"),
        "OPTIONS": env.json("MAIL_OPTIONS", default={}),
    }
}

# Security. No page of the public site carries an inline script or style, so its policy needs no nonce and a stored
# page stays valid; the admin gets its own policy from `articles.admin_site`.

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, *MEDIA_ORIGINS],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
HTTPS = env.bool("HTTPS", default=SITE_URL.startswith("https://"))
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", default=False) else None
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# With HTTPS a browser takes these cookies from this very host alone, over HTTPS alone. No script reads either.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    ("__Host-sessionid", "__Host-csrftoken") if HTTPS else ("sessionid", "csrftoken")
)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

# Our own parts of the editor: the module that teaches the editor a node, and the tags the sanitiser lets through for
# it. What the editor offers, and in which field, is listed in `articles.html`.

DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("js/editor/embed.js")],
        "extensions": {"Embed": html_tags(["div", "a"], {"div": ["data-embed"], "a": ["href"]})},
    },
    {
        "js": [static_lazy("js/editor/pointer.js")],
        "extensions": {"Pointer": html_tags(["a"], {"a": ["data-pointer", "href"]})},
    },
    {
        "js": [static_lazy("js/editor/images.js")],
        "extensions": {"Figure": html_tags(["figure"]), "Caption": html_tags(["figcaption"])},
    },
    {
        "js": [static_lazy("js/editor/paste.js")],
        "extensions": {"CleanPaste": html_tags([])},
    },
]

# Embeds: where the platforms' oEmbed endpoints are asked. Tests and the demo name a local server here.

OEMBED_BASE_OVERRIDES = env.json("OEMBED_BASE_OVERRIDES", default={})
META_OEMBED_TOKEN = env("META_OEMBED_TOKEN", default="")

# Stripe. Without a key the site serves and says that pledging is closed; `STRIPE_LIVE` then says whether its figures
# are those of real money. `STRIPE_API_BASE` is empty for Stripe itself and names the stand-in in the demo and the
# tests. `STRIPE_SITE` marks in Stripe's metadata what is this site's.

STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])
STRIPE_LIVE = env.bool("STRIPE_LIVE", default=None)
STRIPE_API_BASE = env("STRIPE_API_BASE", default="").rstrip("/")
STRIPE_ACCOUNT = env("STRIPE_ACCOUNT", default="")
STRIPE_SITE = env("STRIPE_SITE", default=urlsplit(SITE_URL).netloc)
STRIPE_SILENT_AFTER_HOURS = env.int("STRIPE_SILENT_AFTER_HOURS", default=168)
STRIPE_PAGES = env.list("STRIPE_PAGES", default=[])

# Backers. The hash key finds a person who asked to be forgotten when Stripe tells of them again, and a commenter who is
# banned: it must never change.

BACKER_HASH_KEY = secret("BACKER_HASH_KEY", debug_default="only-for-debugging-" + "y" * 40)
BOOKS_CLOSE_AFTER_DAYS = env.int("BOOKS_CLOSE_AFTER_DAYS", default=14)
AMOUNTS_HIDDEN_BELOW = env.int("AMOUNTS_HIDDEN_BELOW", default=3)
RECEIPT_TAX_WORDING = env(
    "RECEIPT_TAX_WORDING", default="Your money pays for journalism. It is not a tax-deductible donation."
)

# Exchange rates: the European Central Bank's files of the last working day and of the last 90 days. Both or neither.

ECB_DAILY_URL = env("ECB_DAILY_URL", default="https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml")
ECB_HISTORY_URL = env("ECB_HISTORY_URL", default="https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml")

# The trap for robots. Who is never banned beside private addresses: proxies, a CDN, monitors, our own offices; and
# where crawlers' makers and the payment service publish the networks that are theirs.

TRAP_NEVER_BAN = env.list("TRAP_NEVER_BAN", default=[])
FRONT_BANS_FILE = env("FRONT_BANS_FILE", default="")
CRAWLER_RANGES = env.json(
    "CRAWLER_RANGES",
    default={
        "google": "https://developers.google.com/static/crawling/ipranges/common-crawlers.json",
        "google-special": "https://developers.google.com/static/crawling/ipranges/special-crawlers.json",
        "google-fetchers": "https://developers.google.com/static/crawling/ipranges/user-triggered-fetchers-google.json",
        "bing": "https://www.bing.com/toolbox/bingbot.json",
        "apple": "https://search.developer.apple.com/applebot.json",
        "duckduckgo": "https://duckduckgo.com/duckduckbot.json",
        "stripe": "https://stripe.com/files/ips/ips_webhooks.txt",
    },
)

# Comments. Addresses of readers are kept as keyed digests, and those only for so many days. The spam service is asked
# only with a key; it is told the reader's address, name and words.

COMMENT_NETWORKS_KEPT_DAYS = env.int("COMMENT_NETWORKS_KEPT_DAYS", default=30)
AKISMET_KEY = env("AKISMET_KEY", default="")
AKISMET_URL = env("AKISMET_URL", default="https://rest.akismet.com").rstrip("/")

# The demo on this machine. Its clock may be moved ahead, and its letters are shown instead of mailed: a site that
# others can reach is refused.

DEMO = env.bool("DEMO", default=False)
DEMO_CLOCK_FILE = env("DEMO_CLOCK_FILE", default="")
if trouble := demo.refusal(debug=DEBUG, demo=DEMO, clock_file=DEMO_CLOCK_FILE, https=HTTPS, hosts=ALLOWED_HOSTS):
    raise ImproperlyConfigured(trouble)

# Whom to write to about a weakness of this site, as `mailto:` or `https:` addresses, told in /.well-known/security.txt.

SECURITY_CONTACT = env.list("SECURITY_CONTACT", default=[f"mailto:{DEFAULT_FROM_EMAIL}"])
SECURITY_POLICY = env("SECURITY_POLICY", default="")

STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=not DEMO)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SENTRY_DSN = env("SENTRY_DSN", default="")
SENTRY_ENVIRONMENT = env("SENTRY_ENVIRONMENT", default="")
METRICS_FOLDER = env("METRICS_FOLDER", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "foundation.logs.Line"}, "json": {"()": "foundation.logs.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": env("LOG_FORMAT", default="line")}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    # The SDK tells of every request, in words that may name people.
    "loggers": {"stripe": {"level": "WARNING"}},
}
