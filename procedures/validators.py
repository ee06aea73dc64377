"""What a result must have before its paper can be signed: typed blockers, the same for page, API and gate."""

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from controls.models import FrequencyRule
from engagements.deadlines import is_short_first_year
from engagements.models import Engagement
from engagements.validators import check_member, check_open
from foundation.accounts.models import User
from foundation.accounts.policy import JUNIORS
from foundation.web.blockers import Blocker
from foundation.web.refusals import Refused
from procedures.clauses import matrix_gaps
from procedures.coverage import Coverage
from procedures.coverage_gaps import coverage_gaps
from procedures.known_duties import evidence_among, known_on_paper, period_of
from procedures.models import Outcome, ProcedureResult, Support, Workpaper
from procedures.stretches import MONTHS, stretches
from procedures.suggestions import suggestions_of, undecided

# Where a phrase of the library waits for words of the case.
BLANK = re.compile("〔[^〔〕\n]*〕")
# Control points where the work is expected before launch: nothing may be 尚未運作 there.
BEFORE_LAUNCH = ("1.2", "3.3", "3.7.4.5", "3.8.2", "3.8.3", "3.8.6", "3.9.2", "3.10.8", "3.11", "3.15")


def check_writable(workpaper: Workpaper, by: User) -> None:
    """Refuse work on a paper that takes none, or that a junior wasn't given: another person was."""
    check_open(workpaper.engagement)
    if not may_write(workpaper, by):
        raise Refused(_("%(paper)s was assigned to somebody else; nothing was saved.") % {"paper": workpaper})


def may_write(workpaper: Workpaper, user: User) -> bool:
    """Whether `user`, who may write on papers, may on this one: juniors on their own and on those that nobody has."""
    if workpaper.assignee_id in {None, user.pk}:
        return True
    return bool(workpaper.roles_of(user) - JUNIORS)


def check_writer(engagement: Engagement, person: User | None) -> None:
    """Refuse to give papers to somebody who may not write on them."""
    check_member(engagement, person)
    if person and not person.can("workpaper.change", engagement):
        raise Refused(_("%(name)s doesn't write on papers here.") % {"name": person.name})


def outcomes_for(
    result: ProcedureResult, engagement: Engagement, duties: Iterable[FrequencyRule] = ()
) -> list[Outcome]:
    """Return the kinds of result that this procedure, bound by these duties, may have in this engagement."""
    if result.is_memo:
        return [Outcome.NOT_APPLICABLE]
    may = may_not_operate(result, engagement, duties)
    return [outcome for outcome in Outcome if outcome != Outcome.NOT_YET_OPERATING or may]


def may_not_operate(result: ProcedureResult, engagement: Engagement, duties: Iterable[FrequencyRule] = ()) -> bool:
    """尚未運作: only what is tested by operation alone, and not what must run before launch; as of a date, or in a
    first year that is too short for a duty of the procedure to come due.
    """
    if result.nature != ["operating"] or result.workpaper.code in BEFORE_LAUNCH:
        return False
    return not engagement.is_annual or any(_not_due_in(engagement, duty) for duty in duties)


def _not_due_in(engagement: Engagement, duty: FrequencyRule) -> bool:
    """Whether the business began inside the year, and too late for this duty to come due in it."""
    period = period_of(engagement)
    if period is None or duty.frequency not in MONTHS or not is_short_first_year(period.first, period.last):
        return False
    return not any(stretch.is_whole for stretch in stretches(duty.frequency, period))


def check_entry(result: ProcedureResult, *, outcome: str, performed_on: date | None) -> None:
    """Refuse an entry that can never be right: an unknown or unavailable kind, a day to come or before any work."""
    if outcome and outcome not in Outcome.values:
        raise Refused(_("“%(outcome)s” is not a kind of result.") % {"outcome": outcome})
    if result.is_memo and outcome not in {"", Outcome.NOT_APPLICABLE}:
        raise Refused(_("A general paper has no result; it may not apply."))
    if outcome == Outcome.NOT_YET_OPERATING and not _may_not_operate_here(result):
        raise Refused(_("This procedure can't be “not yet operating”."))
    if performed_on and performed_on > timezone.localdate():
        raise Refused(_("The date performed lies in the future."))
    if performed_on and performed_on < _earliest(result.workpaper.engagement):
        raise Refused(_("The date performed lies long before the engagement's period or as-of date."))


def check_departure(result: ProcedureResult, departure: str) -> None:
    """Refuse a departure from what nobody prescribed."""
    if departure and result.kind != ProcedureResult.Kind.PRESCRIBED:
        raise Refused(_("Only a prescribed procedure can be departed from."))


def _may_not_operate_here(result: ProcedureResult) -> bool:
    """The same, of a result whose duties aren't at hand."""
    duties = result.procedure.frequency_rules.all() if result.procedure else ()
    return may_not_operate(result, result.workpaper.engagement, duties)


def _earliest(engagement: Engagement) -> date:
    """No work on it is older than a year before its period or as-of date."""
    return (engagement.period_start or engagement.last_day) - timedelta(days=366)


def gaps(result: ProcedureResult, kinds: Collection[str], coverages: Iterable[Coverage] = ()) -> list[tuple[str, str]]:
    """Return (kind, text) of what one result lacks. `kinds` are those of the supports that it rests on, `coverages`
    what these show of its procedure's duties.
    """
    explained = bool(result.reason.strip())
    if result.is_memo:
        return _gaps_of_memo(result)
    missing = [
        ("result.missing", _("no result"), not result.outcome),
        ("work.missing", _("the work performed isn't described"), result.tested and not result.work.strip()),
        ("date.missing", _("the date performed is missing"), result.concludes_on_period and not result.performed_on),
        ("reason.missing", _("the reason is missing"), result.needs_reason and not explained),
        (
            "evidence.missing",
            _("no evidence, and no reason why there is none"),
            result.tested and Support.Kind.EVIDENCE not in kinds and not explained,
        ),
        (
            "finding.missing",
            _("an exception without a finding or an explanation"),
            result.outcome == Outcome.EXCEPTION and Support.Kind.FINDING not in kinds and not explained,
        ),
        (
            "finding.stray",
            _("a finding is linked, but the result isn't an exception"),
            result.outcome != Outcome.EXCEPTION and Support.Kind.FINDING in kinds,
        ),
    ]
    found = [(kind, what) for kind, what, applies in missing if applies]
    return [*found, *_blanks(result), *matrix_gaps(result), *coverage_gaps(result, coverages)]


def _blanks(result: ProcedureResult) -> list[tuple[str, str]]:
    """A phrase's blank that nobody filled in: 〔文件名稱〕."""
    left = BLANK.search(f"{result.work}\n{result.reason}\n{result.departure}")
    return [("blank.left", _("a blank isn't filled in: %(blank)s") % {"blank": left.group()})] if left else []


def _gaps_of_memo(result: ProcedureResult) -> list[tuple[str, str]]:
    """A general paper says something, or why it doesn't apply here."""
    if result.outcome and not result.reason.strip():
        return [("reason.missing", _("the reason is missing"))]
    if not result.outcome and not result.work.strip():
        return [("work.missing", _("nothing is written yet"))]
    return _blanks(result)


def shortcomings(result: ProcedureResult, kinds: Collection[str], coverages: Iterable[Coverage] = ()) -> list[Blocker]:
    """Return what keeps one result from being complete, with the way to it. The arguments are as for `gaps`."""
    return [
        Blocker(kind, _named(result, what), f"#result-{result.pk}") for kind, what in gaps(result, kinds, coverages)
    ]


def _named(result: ProcedureResult, what: str) -> str:
    if result.is_memo:
        return what
    return _("Procedure %(no)d: %(what)s") % {"no": result.position, "what": what}


def unfinished(workpaper: Workpaper) -> list[Blocker]:
    """Return everything that keeps a paper from being signed as prepared (seven queries)."""
    rows = workpaper.results.select_related("procedure", "matrix").prefetch_related("supports").order_by("position")
    results, known = list(rows), known_on_paper(workpaper)
    found = [
        blocker
        for result in results
        for blocker in shortcomings(
            result,
            {support.kind for support in result.supports.all()},
            known.coverages(result, workpaper.engagement, evidence_among(result.supports.all())),
        )
    ]
    return [*found, *undecided(suggestions_of(workpaper, results), results)]
