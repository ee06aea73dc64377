"""The web server's entry point. Like worker and beat, it doesn't start on what its own checks refuse."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# A URL without a declared permission, a table without its guard.
call_command("check", databases=["default"])
