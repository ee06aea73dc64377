"""What of this app and the trail vouch for one another."""

from operator import attrgetter

from engagements.accepting import LAPSED, criteria_digest, declared_digest
from engagements.models import (
    Acceptance,
    AreaRisk,
    Declaration,
    Engagement,
    EngagementLetter,
    Note,
    ProfileAnswer,
    Review,
    TeamMember,
)
from engagements.noting import quote_digest, text_digest
from engagements.reviews import summary_digest
from foundation.trail.witnesses import Told, Witness


def witnesses() -> list[Witness]:
    """Engagements, who came to their teams and left, the profile's answers, what they were accepted on, their areas'
    risks, review notes with their replies, reviews that were submitted.
    """
    return [*_engagements(), *_acceptances(), _risks(), *_notes(), *_reviews()]


def _engagements() -> list[Witness]:
    created = {
        "facts.kind": attrgetter("kind"),
        "facts.auditee": attrgetter("auditee.tax_id"),
        "facts.catalogue": attrgetter("catalogue.key"),
    }
    member = {"facts.user": attrgetter("user_id")}
    answered = {
        "facts.applies": attrgetter("applies"),
        "reason": attrgetter("reason"),
        "actor.id": attrgetter("answered_by_id"),
    }
    return [
        Witness(Engagement.objects.select_related("auditee", "catalogue"), ("engagement.created",), told=created),
        Witness(TeamMember.objects.all(), ("member.joined",), told=member | {"facts.role": attrgetter("role")}),
        Witness(TeamMember.objects.exclude(ended_on=None), ("member.left",), told=member),
        Witness(
            ProfileAnswer.objects.all(), ("profile.answered",), about="engagement_id", fact="answer", told=answered
        ),
    ]


def _acceptances() -> list[Witness]:
    """Declarations, engagement letters, the partner's decisions and those that lapsed."""
    declared: Told = {
        "facts.of": attrgetter("of"),
        "facts.texts": declared_digest,
        "actor.id": attrgetter("declared_by_id"),
    }
    recorded: Told = {
        "facts.sha256": attrgetter("file.sha256"),
        "facts.dated": attrgetter("dated_on"),
        "facts.clause": attrgetter("has_clause"),
        "actor.id": attrgetter("recorded_by_id"),
    }
    accepted: Told = {
        "facts.form": attrgetter("form"),
        "facts.criteria": criteria_digest,
        "reason": attrgetter("rationale"),
        "actor.id": attrgetter("accepted_by_id"),
    }
    letters, decisions = EngagementLetter.objects.select_related("file"), Acceptance.objects.all()
    lapsed = decisions.exclude(lapsed_at=None)
    return [
        Witness(
            Declaration.objects.all(), ("declaration.made",), fact="declaration", told=declared, about="engagement_id"
        ),
        Witness(letters, ("terms.recorded",), fact="letter", told=recorded, about="engagement_id"),
        Witness(decisions, ("engagement.accepted",), fact="acceptance", told=accepted, about="engagement_id"),
        Witness(lapsed, (LAPSED,), fact="acceptance", about="engagement_id"),
    ]


def _risks() -> Witness:
    told: Told = {
        "facts.level": attrgetter("level"),
        "facts.version": attrgetter("version"),
        "reason": attrgetter("why"),
        "actor.id": attrgetter("set_by_id"),
    }
    return Witness(AreaRisk.objects.all(), ("risk.assessed",), about="engagement_id", fact="risk", told=told)


def _notes() -> list[Witness]:
    said: Told = {
        "chain": _chain_of,
        "facts.digest": text_digest,
        "actor.id": attrgetter("author_id"),
        "object.label": attrgetter("anchor_label"),
    }
    placed: Told = {
        **said,
        "facts.anchor": attrgetter("anchor_id"),
        "facts.anchor_type": attrgetter("anchor_type"),
        "facts.part": attrgetter("part_id"),
        "facts.part_label": attrgetter("part_label"),
        "facts.quote": quote_digest,
    }
    answered: Told = {**said, "facts.parent": attrgetter("parent_id")}
    directed: Told = {"facts.assignee": attrgetter("assignee_id"), "facts.due": attrgetter("due_on")}
    threads = Note.objects.published().filter(parent=None)
    return [
        Witness(threads, ("note.written",), told=placed),
        Witness(threads, ("note.written", "note.directed"), told=directed),
        Witness(Note.objects.published().exclude(parent=None), ("note.answered",), told=answered),
        Witness(
            Note.objects.exclude(resolved_at=None),
            ("note.resolved",),
            told={"actor.id": attrgetter("resolved_by_id")},
            ended=("note.reopened",),
        ),
    ]


def _chain_of(note: Note) -> str:
    """The chain of the engagement that the note belongs to, which isn't loaded for it."""
    return Engagement(pk=note.engagement_id).chain


def _reviews() -> list[Witness]:
    told: Told = {"facts.summary": summary_digest, "actor.id": attrgetter("reviewer_id")}
    return [Witness(Review.objects.exclude(submitted_at=None), ("review.submitted",), told=told)]
