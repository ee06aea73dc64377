"""A reissue: an issued report's file is opened again, and closed by the report that takes its place."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused
from signoff.fingerprint import fingerprint
from signoff.lifecycle import close_again, reopen
from signoff.models import Reissue, ReportVersion

State = ReportVersion.State


@transaction.atomic
def open_reissue(engagement: Engagement, *, kind: str, reason: str, by: User) -> Reissue:
    """Open the file of the last issued report again. That report stays as it is until another takes its place.

    Material: the whole file is open. Editorial: only the letter's entries, papers and findings stay closed.
    """
    current = Engagement.objects.locked(engagement.pk)
    if not current.is_issued:
        raise Refused(_("Only an issued report is reissued."))
    if kind not in Reissue.Kind.values:
        raise Refused(_("Say whether the reissue is material or editorial."))
    if not reason.strip():
        raise Refused(_("Say why the report is reissued; the new one prints it."))
    last = ReportVersion.objects.filter(engagement=current, state__in=(State.ISSUED, State.WITHDRAWN))
    opened = {"kind": kind, "reason": reason.strip(), "opened_by": by}
    reissue = Reissue.objects.create(engagement=current, of=last.latest("number"), **opened)
    facts: dict[str, JSON] = {"reissue": reissue.pk, "kind": kind, "report": str(reissue.of_id)}
    reopen(current, wording_only=kind == Reissue.Kind.EDITORIAL, reason=reissue.reason, facts=facts, by=by)
    reissue.opened_with = fingerprint(current)
    reissue.save(update_fields=["opened_with"])
    return reissue


@transaction.atomic
def cancel_reissue(engagement: Engagement, *, reason: str, by: User) -> Reissue:
    """Close a reissue that isn't needed after all; refused once anything of the file was changed, because the issued
    report would no longer be what its file says.
    """
    current = Engagement.objects.locked(engagement.pk)
    reissue = Reissue.objects.under_way().filter(engagement=current).first()
    if reissue is None:
        raise Refused(_("No reissue is under way."))
    if not reason.strip():
        raise Refused(_("Say why the report isn't reissued after all."))
    if fingerprint(current) != reissue.opened_with:
        raise Refused(_("The file was changed since it was opened: issue the new report, or withdraw the old one."))
    reissue.cancelled_because, reissue.closed_by, reissue.closed_at = reason.strip(), by, timezone.now()
    reissue.save(update_fields=["cancelled_because", "closed_by", "closed_at"])
    close_again(current, reason=reissue.cancelled_because, facts={"reissue": reissue.pk}, by=by)
    return reissue
