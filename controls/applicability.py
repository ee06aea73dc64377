"""What of the catalogue concerns a broker, given the answers of its profile.

A condition answered no switches procedures off: a fact of the business makes them not applicable, an event that
didn't happen leaves them without an occurrence, a choice not taken leaves them not chosen. An unanswered condition
switches nothing off. A condition that a procedure itself asks about (its branch) never switches the asking off.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from controls.models import CatalogueVersion, Condition, ConditionRule, ExpectedDocument, Procedure

Answers = Mapping[str, bool]


class State(models.TextChoices):
    """Whether a procedure concerns the broker, and if not, why."""

    APPLICABLE = "applicable", _("applicable")
    NOT_APPLICABLE = "not_applicable", _("not applicable")
    NO_OCCURRENCE = "no_occurrence", _("no occurrence in the period")
    NOT_CHOSEN = "not_chosen", _("not chosen")


# Strongest first: what isn't the broker's business at all has no need of an occurrence.
STATE_WHEN_NO: Mapping[str, State] = {
    Condition.Kind.PROFILE: State.NOT_APPLICABLE,
    Condition.Kind.CHOICE: State.NOT_CHOSEN,
    Condition.Kind.EVENT: State.NO_OCCURRENCE,
}
STRENGTH = list(STATE_WHEN_NO)


@dataclass(frozen=True)
class Applicability:
    """The state of one procedure, and the condition whose answer "no" decided it (None: applicable)."""

    state: State
    condition: Condition | None = None

    @property
    def is_applicable(self) -> bool:
        """Whether the procedure is to be performed."""
        return self.state is State.APPLICABLE


def applicable(version: CatalogueVersion, answers: Answers) -> dict[int, Applicability]:
    """Each procedure of the version by its primary key; `answers` by condition key, a missing one is unanswered.

    Two queries, whatever the answers.
    """
    refused = _rules_answered_no(version, answers)
    procedures = Procedure.objects.of(version).values_list("pk", "point_id", "no")
    return {pk: _decide(refused.get(point, []), number) for pk, point, number in procedures}


def wanted_documents(version: CatalogueVersion, answers: Answers) -> list[ExpectedDocument]:
    """The documents to ask the broker for, in printed order, with group, duty and procedure loaded.

    Answers about events filter nothing: whether something happened is known only at the period's end.
    Documents of one `group` are one request; that is for the caller to merge. Three queries.
    """
    lasting = _without_events(version, answers)
    states = applicable(version, lasting)
    documents = (
        ExpectedDocument.objects.of(version)
        .requested()
        .select_related("group", "occurrence_of", "condition", "procedure__point")
    )
    return [
        document
        for document in documents
        if states[document.procedure_id].is_applicable
        and (document.condition is None or lasting.get(document.condition.key, True))
    ]


def _rules_answered_no(version: CatalogueVersion, answers: Answers) -> dict[int, list[ConditionRule]]:
    """The rules whose condition is answered no, by control point, the one that decides first."""
    switching = (ConditionRule.Covers.ROW, ConditionRule.Covers.PROCEDURES)
    rules = ConditionRule.objects.filter(point__version=version, covers__in=switching).order_by()
    by_point: dict[int, list[ConditionRule]] = {}
    for rule in sorted(rules.select_related("condition"), key=_rank):
        if not answers.get(rule.condition.key, True):
            by_point.setdefault(rule.point_id, []).append(rule)
    return by_point


def _rank(rule: ConditionRule) -> tuple[int, int]:
    return STRENGTH.index(rule.condition.kind), rule.position


def _decide(refused: list[ConditionRule], number: int) -> Applicability:
    rule = next((rule for rule in refused if rule.switches(number)), None)
    if rule is None:
        return Applicability(State.APPLICABLE)
    return Applicability(STATE_WHEN_NO[rule.condition.kind], rule.condition)


def _without_events(version: CatalogueVersion, answers: Answers) -> Answers:
    events = set(version.conditions.filter(kind=Condition.Kind.EVENT).values_list("key", flat=True))
    return {key: answer for key, answer in answers.items() if key not in events}
