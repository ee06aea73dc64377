"""The gates: what must hold before an engagement enters each stage, as lists of typed blockers.

The gate refuses because of the list, and the engagement page prints the same list.
"""

from collections.abc import Callable

from engagements.models import Stage
from foundation.web.blockers import Blocker
from signoff import period
from signoff.checks import acceptance, answers, completion, concluding, opening, papers, plan, representation
from signoff.standing import Standing

Gate = tuple[Callable[[Standing], list[Blocker]], ...]

INTO_REPORTING: Gate = (
    *period.CHECKS,
    completion.findings_tied,
    papers.all_reviewed,
    papers.notes_closed,
    completion.requests_settled,
)
# What the partner's signature on the file waits for, then what the quality reviewer's does.
BEFORE_FINAL: Gate = (
    *INTO_REPORTING,
    acceptance.declared,
    acceptance.letter_has_clause,
    plan.approved,
    completion.concluded,
    concluding.decision_holds,
    concluding.papers_finished,
    *answers.CHECKS,
    representation.drafted,
    completion.cosigner_fit,
)
INTO_QUALITY_REVIEW: Gate = (*BEFORE_FINAL, completion.final_signed)
FINAL_REPORT: Gate = (opening.named, *INTO_QUALITY_REVIEW, representation.signed, completion.quality_signed)

GATES: dict[Stage, Gate] = {
    Stage.PLANNING: (
        opening.partner_named,
        acceptance.accepted,
        acceptance.declared,
        acceptance.letter_recorded,
    ),
    Stage.FIELDWORK: (plan.catalogue_frozen, opening.named, opening.profile_answered, plan.approved),
    Stage.REVIEW: (
        acceptance.declared,
        opening.events_answered,
        papers.all_concluded,
        papers.exceptions_explained,
        completion.findings_tied,
        papers.all_prepared,
    ),
    Stage.REPORTING: INTO_REPORTING,
    Stage.QUALITY_REVIEW: INTO_QUALITY_REVIEW,
    Stage.ISSUED: (*FINAL_REPORT, representation.dates_hold, completion.report_issued),
}


def blockers_of(gate: Gate, standing: Standing) -> list[Blocker]:
    """Return everything that a gate still waits for."""
    return [blocker for check in gate for blocker in check(standing)]


def blockers_into(stage: Stage, standing: Standing) -> list[Blocker]:
    """Return what keeps the engagement out of `stage`."""
    return blockers_of(GATES.get(stage, ()), standing)
