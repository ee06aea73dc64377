"""Reading an engagement's profile: every condition with its answer and what it switches."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from controls.models import Condition, ConditionRule
from engagements.models import Engagement, ProfileAnswer, Stage, TeamMember
from foundation.accounts.models import Organization, User
from foundation.accounts.policy import RANK, Role

LASTING = (Condition.Kind.PROFILE, Condition.Kind.CHOICE)


@dataclass(frozen=True, slots=True)
class Question:
    """One condition, its answer if there is one, and the codes of the control points that it concerns."""

    condition: Condition
    answer: ProfileAnswer | None
    codes: list[str]
    is_locked: bool


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """The questions of one kind."""

    kind: str
    questions: list[Question]

    @property
    def answered(self) -> int:
        return sum(1 for question in self.questions if question.answer)


def questions(engagement: Engagement) -> list[QuestionGroup]:
    """Return the 37 questions: facts, then choices, then events (three queries)."""
    conditions = Condition.objects.filter(version=engagement.catalogue_id).order_by("position")
    answers = {answer.condition_id: answer for answer in _answers(engagement)}
    codes = _codes(engagement)
    groups: dict[str, list[Question]] = {kind: [] for kind in (*LASTING, Condition.Kind.EVENT)}
    for condition in conditions:
        locked = is_locked(engagement, condition)
        groups[condition.kind].append(
            Question(condition, answers.get(condition.pk), codes.get(condition.pk, []), locked)
        )
    return [QuestionGroup(kind, rows) for kind, rows in groups.items()]


def is_locked(engagement: Engagement, condition: Condition) -> bool:
    """Whether the answer can't be changed any more: papers and requests follow it, or the file is closed."""
    opened = engagement.fieldwork_opened_at is not None
    return (opened and condition.kind in LASTING) or not engagement.is_open_for_work


def _answers(engagement: Engagement) -> list[ProfileAnswer]:
    return list(ProfileAnswer.objects.filter(engagement=engagement).select_related("answered_by"))


def _codes(engagement: Engagement) -> dict[int, list[str]]:
    """Return the codes of the control points that each condition concerns, in printed order."""
    found: dict[int, list[str]] = defaultdict(list)
    rules = ConditionRule.objects.filter(point__version=engagement.catalogue_id).order_by("point__position")
    for condition, code in rules.values_list("condition", "point__code"):
        if code not in found[condition]:
            found[condition].append(code)
    return found


def by_rank(members: Iterable[TeamMember]) -> list[TeamMember]:
    """Sort a team: the partner first, the quality reviewer, who stands apart, last."""
    return sorted(members, key=lambda member: (member.role == Role.EQR, -RANK[member.role]))


def team_today(engagement: Engagement) -> QuerySet[User]:
    """Return the people who are on the team today, by name."""
    current = TeamMember.objects.current().filter(engagement=engagement)
    return User.objects.filter(pk__in=current.values("user")).order_by("name")


def has_twin(*, firm: Organization, auditee: Organization, kind: str, last_day: date) -> bool:
    """Whether the firm assesses this auditee, in this way, up to this day already."""
    same = Engagement.objects.filter(firm=firm, auditee=auditee, kind=kind)
    return same.filter(Q(period_end=last_day) | Q(as_of=last_day)).exists()


def predecessor_of(engagement: Engagement) -> Engagement | None:
    """The firm's last engagement at this auditee before: whose findings are followed up, whose file may be read."""
    before = Engagement.objects.filter(firm=engagement.firm_id, auditee=engagement.auditee_id).exclude(
        stage=Stage.WITHDRAWN
    )
    dated = before.annotate(until=Coalesce("period_end", "as_of")).filter(until__lt=engagement.last_day)
    return dated.order_by("-until", "-created_at").first()


@dataclass(frozen=True, slots=True)
class Answered:
    """How many of the profile's questions are answered."""

    number: int
    total: int


def answered(engagement: Engagement) -> Answered:
    """Count the questions that are due before fieldwork (two queries)."""
    lasting = Condition.objects.filter(version=engagement.catalogue_id, kind__in=LASTING)
    given = ProfileAnswer.objects.filter(engagement=engagement, condition__kind__in=LASTING)
    return Answered(given.count(), lasting.count())
