"""Settings of the tests: the portal's own, with cheap hashes and nothing that waits."""

from roguelink.settings import *  # noqa: F403
from roguelink.settings import PASSWORD_SCHEME

DEMO = False
SECURE_TLS = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SECOND_FACTOR_REQUIRED: list[str] = []
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# As cheap as passlib lets them be.
PASSWORD_COST = {"ARGON2ID": {"memory_cost": 8, "rounds": 1}, "BLF-CRYPT": {"rounds": 4}}.get(
    PASSWORD_SCHEME, {"rounds": 1000}
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_TASK_ALWAYS_EAGER = True
