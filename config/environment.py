"""The environment that settings are read from, and the mode that decides how strict the installation is."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

MODE = env.str("DIGAO_MODE", default="production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"DIGAO_MODE is {MODE!r}; it must be production, demo or test")
PRODUCTION = MODE == "production"

DATA_DIR = Path(env.str("DIGAO_DATA", default=str(BASE_DIR / "var")))
