"""What is known of an engagement's acceptance: who declared what, the letter in force, the partner's decision."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import prefetch_related_objects

from engagements.models import Acceptance, Declaration, Engagement, EngagementLetter, TeamMember
from engagements.queries import by_rank

Of = Declaration.Of


@dataclass(frozen=True, slots=True)
class Declared:
    """A current member, and what they declared last here, if anything."""

    member: TeamMember
    declaration: Declaration | None


@dataclass
class Accepted:
    """What an engagement rests on, each asked at most once."""

    engagement: Engagement

    @cached_property
    def _declarations(self) -> list[Declaration]:
        return list(Declaration.objects.filter(engagement=self.engagement).select_related("declared_by").order_by("id"))

    @cached_property
    def members(self) -> list[Declared]:
        """Every current member with their latest declaration; a team loaded with its users isn't asked for again."""
        prefetch_related_objects([self.engagement], "team__user")
        latest = {row.declared_by_id: row for row in self._declarations if row.of == Of.MEMBER}
        current = by_rank(member for member in self.engagement.team.all() if member.is_current)
        return [Declared(member, latest.get(member.user_id)) for member in current]

    @property
    def firm(self) -> Declaration | None:
        """The firm's latest declaration."""
        return next((row for row in reversed(self._declarations) if row.of == Of.FIRM), None)

    @cached_property
    def letters(self) -> list[EngagementLetter]:
        """Every engagement letter that was recorded, the one in force first."""
        rows = EngagementLetter.objects.filter(engagement=self.engagement)
        return list(rows.select_related("file", "recorded_by").order_by("-id"))

    @property
    def letter(self) -> EngagementLetter | None:
        """The letter in force."""
        return self.letters[0] if self.letters else None

    @cached_property
    def acceptance(self) -> Acceptance | None:
        """The partner's decision, unless it lapsed."""
        return decision(self.engagement)


def decision(engagement: Engagement) -> Acceptance | None:
    """Return the partner's decision in force (one query)."""
    rows = Acceptance.objects.filter(engagement=engagement, lapsed_at=None).select_related("accepted_by")
    return rows.order_by("id").last()
