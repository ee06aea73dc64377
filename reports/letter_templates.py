"""A firm's own wordings of the report letter: written with a reason, approved by a second person, never changed.

The second person is a partner other than the author. A firm whose only partner writes them needs a manager to write
instead; until somebody else approves, the wording before stays in force.
"""

import hashlib
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import Organization, User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused
from reports.binder import Conclusion, Kind
from reports.letter_check import faults
from signoff.letters import supplied
from signoff.models import LetterTemplate


@dataclass(frozen=True, slots=True)
class Place:
    """Which of a firm's twelve templates."""

    firm: Organization
    kind: Kind
    conclusion: Conclusion

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.conclusion}"

    @property
    def supplied(self) -> str:
        """The wording that came with the product."""
        return supplied(self.kind, self.conclusion)


def places(firm: Organization) -> dict[str, Place]:
    """The firm's twelve templates by their keys."""
    every = (Place(firm, kind, conclusion) for kind, conclusion in product(Kind, Conclusion))
    return {place.key: place for place in every}


@transaction.atomic
def write_template(place: Place, text: str, *, reason: str, seen: int, by: User) -> LetterTemplate:
    """Keep a new version, to be approved; an empty text goes back to the supplied wording. `seen` is the number of the
    last version that its author had before them: somebody else's, written meanwhile, isn't covered up.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=place.firm.pk)
    versions = LetterTemplate.objects.filter(firm=place.firm, kind=place.kind, conclusion=place.conclusion)
    last = versions.aggregate(last=Max("version"))["last"] or 0
    if last != seen:
        raise Refused(_("Somebody wrote version %(n)d meanwhile. Look at it before you write another.") % {"n": last})
    if not reason.strip():
        raise Refused(_("Say why the wording is changed."))
    text = "" if text == place.supplied else text
    if text and (found := faults(text, place.kind, place.conclusion)):
        raise Refused(*map(str, found))
    template = LetterTemplate.objects.create(
        firm=place.firm,
        kind=place.kind,
        conclusion=place.conclusion,
        version=last + 1,
        text=text,
        reason=reason.strip(),
        written_by=by,
    )
    facts = template_facts(template)
    record("template.written", chain=place.firm.chain, by=by, about=template, facts=facts, reason=template.reason)
    return template


@transaction.atomic
def approve_template(template: LetterTemplate, *, by: User) -> LetterTemplate:
    """Put a version in force. Whoever wrote it doesn't approve it, and only the last version can be approved."""
    Organization.objects.select_for_update(no_key=True).get(pk=template.firm_id)
    current = LetterTemplate.objects.select_related("firm").get(pk=template.pk)
    if current.approved_at:
        return current
    if current.written_by_id == by.pk:
        raise Refused(_("Somebody else has to approve what you wrote."))
    if _is_overtaken(current):
        raise Refused(_("There is a newer version. Look at the page again."))
    current.approved_by, current.approved_at = by, timezone.now()
    current.save(update_fields=["approved_by", "approved_at"])
    record("template.approved", chain=current.firm.chain, by=by, about=current, facts=template_facts(current))
    return current


def _is_overtaken(template: LetterTemplate) -> bool:
    same = LetterTemplate.objects.filter(firm=template.firm_id, kind=template.kind, conclusion=template.conclusion)
    return same.filter(version__gt=template.version).exists()


def versions_of_firm(firm: UUID) -> dict[str, list[LetterTemplate]]:
    """Every version of every template, the newest first, by the template's key (one query)."""
    found: dict[str, list[LetterTemplate]] = {}
    rows = LetterTemplate.objects.filter(firm=firm).select_related("written_by", "approved_by").order_by("-version")
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return found


def template_facts(template: LetterTemplate) -> dict[str, JSON]:
    """What the trail tells of a version: which it is, its text as a digest."""
    digest = hashlib.sha256(template.text.encode()).hexdigest()
    return {"template": template.key, "version": template.version, "text": digest}
