"""manage.py invite_operator: the first person of an installation, who registers everybody else's organization."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actions import invite, register_organization
from foundation.accounts.models import Organization
from foundation.accounts.policy import Role
from foundation.web.refusals import Refused


class Command(BaseCommand):
    """Register the exchange unless it is registered, and mail its operator a link."""

    help = "Register the exchange, if need be, and invite a person as the platform's operator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tax-id", required=True, help="of the exchange")
        parser.add_argument("--organization", required=True, help="its full name")
        parser.add_argument("--short-name", default="", help="as pages show it; the full name unless given")
        parser.add_argument("--name", required=True, help="of the person")
        parser.add_argument("--email", required=True, help="where the link goes")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                exchange = self._exchange(options)
                invite(exchange, email=options["email"], name=options["name"], role=Role.OPERATOR, by=None)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_("A link is on its way to %(mail)s.") % {"mail": options["email"]})

    def _exchange(self, options: dict[str, Any]) -> Organization:
        known = Organization.objects.filter(tax_id=options["tax_id"]).first()
        names = {"name": options["organization"], "short_name": options["short_name"] or options["organization"][:40]}
        new = Organization(kind=Organization.Kind.EXCHANGE, tax_id=options["tax_id"], **names)
        return known or register_organization(new, by=None)
