"""What the conclusion waits for of others: management's answers, and where earlier findings stand."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from findings.asking import is_changed
from foundation.web.blockers import Blocker
from signoff.standing import Standing


def findings_answered(standing: Standing) -> list[Blocker]:
    """Return the findings with neither a response, a refusal nor the record that none came, to their last release."""
    silent = len([finding for finding in standing.findings if not finding.answered])  # type: ignore[attr-defined]  # annotated
    text = ngettext(
        "%(n)d finding has no management response on record.",
        "%(n)d findings have no management response on record.",
        silent,
    )
    return [Blocker("response.missing", text % {"n": silent}, standing.url("finding-list"))] if silent else []


def findings_released(standing: Standing) -> list[Blocker]:
    """Return the findings that say something else than what management read."""
    changed = [finding for finding in standing.findings if is_changed(finding)]
    text = ngettext(
        "%(n)d finding was reworded since it was released (%(first)s …): release it anew.",
        "%(n)d findings were reworded since they were released (%(first)s …): release them anew.",
        len(changed),
    )
    if not changed:
        return []
    first = changed[0]
    return [Blocker("finding.reworded", text % {"n": len(changed), "first": first.label}, first.get_absolute_url())]


def earlier_followed_up(standing: Standing) -> list[Blocker]:
    """Return the earlier findings that aren't carried over, not assessed, or found again as one that was withdrawn."""
    url, n = standing.url("follow-up-list"), standing.unfollowed
    if standing.uncarried:
        return [Blocker("followup.missing", _("Findings of the earlier report aren't carried over."), url)]
    text = ngettext("%(n)d earlier finding isn't followed up.", "%(n)d earlier findings aren't followed up.", n)
    return [Blocker("followup.open", text % {"n": n}, url)] if n else []


CHECKS = (findings_answered, findings_released, earlier_followed_up)
