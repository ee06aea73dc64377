"""What the plan keeps an engagement from: a catalogue that may still change, an approval that is missing or stale."""

from django.urls import reverse
from django.utils.translation import gettext as _

from controls.models import CatalogueVersion
from foundation.web.blockers import Blocker
from signoff.standing import Standing


def catalogue_frozen(standing: Standing) -> list[Blocker]:
    """Return that the catalogue's version isn't published, and so may still change."""
    catalogue = standing.engagement.catalogue
    if catalogue.status == CatalogueVersion.Status.PUBLISHED:
        return []
    text = _("%(catalogue)s isn't published.") % {"catalogue": catalogue.title}
    return [Blocker("catalogue.draft", text, reverse("catalogue"))]


def approved(standing: Standing) -> list[Blocker]:
    """Return that the partner hasn't approved the plan, or that it changed since."""
    plan = standing.plan
    if plan.approval:
        return []
    if plan.outdated:
        text = _("The plan changed after the partner approved it.")
        return [Blocker("plan.stale", text, standing.url("engagement-plan"))]
    return [Blocker("plan.unapproved", _("The partner hasn't approved the plan."), standing.url("engagement-plan"))]
