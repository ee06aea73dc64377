"""`manage.py seed_demo`: the demonstration, once; prints who can sign in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from desk.demo.cast import PASSWORD, PEOPLE
from desk.demo.setup import TEAM
from desk.demo.story import tell


class Command(BaseCommand):
    """Seed the demonstration into an empty installation; a second run changes nothing."""

    help = "Create the demonstration's people and engagements, unless they are there, and print the logins."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuse in production: everybody knows these passwords."""
        if settings.PRODUCTION:
            raise CommandError("The demonstration's passwords are public; it is not for production (DIGAO_MODE).")
        tell()
        width = max(len(email) for _name, email, *_rest in PEOPLE.values())
        for key, (name, email, _organization, role) in PEOPLE.items():
            self.stdout.write(f"  {email:<{width}}  {name}  {TEAM.get(key, role).label}")
        self.stdout.write(f"  password for all: {PASSWORD}")
