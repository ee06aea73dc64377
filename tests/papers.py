"""Papers signed without asking what a gate would ask."""

from foundation.accounts.models import User
from foundation.trail.actions import record
from procedures.content import content_hash
from procedures.models import SignOff, Workpaper


def sign(paper: Workpaper, *, by: User, role: str = "prepared") -> SignOff:
    """A sign-off on the paper's present content with its event, as the verb leaves them."""
    paper.refresh_from_db()
    signed = {"content_version": paper.content_version, "content_hash": content_hash(paper)}
    signoff = SignOff.objects.create(workpaper=paper, role=role, user=by, **signed)
    facts = {"signoff": signoff.pk, "content": signoff.content_version, "hash": signoff.content_hash}
    record(f"workpaper.{role}", chain=paper.engagement.chain, by=by, about=paper, facts=facts)
    return signoff
