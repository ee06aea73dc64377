"""What must hold before an engagement enters each stage: lists of typed blockers.

The gate refuses because of the list, and the engagement page prints the same list.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from controls.models import Condition
from engagements.models import Engagement, ProfileAnswer, Stage
from evidence.models import Request
from findings.models import Finding, FindingLink
from foundation.accounts.policy import Role
from foundation.web.blockers import Blocker
from procedures.models import Outcome, ProcedureResult, Section, Support
from procedures.queries import PaperLine, controls, paper_lines
from signoff import period
from signoff.fingerprint import fingerprint_of, printed
from signoff.models import Conclusion, EngagementSignOff, ReportVersion


@dataclass
class Standing(period.Covering):
    """An engagement and what the gates need to know of it, each asked at most once."""

    engagement: Engagement
    known_lines: list[PaperLine] | None = None

    @cached_property
    def lines(self) -> list[PaperLine]:
        """Every paper at a glance; its evidence isn't counted, as no gate asks for it."""
        return paper_lines(self.engagement, count_evidence=False) if self.known_lines is None else self.known_lines

    @property
    def due(self) -> list[PaperLine]:
        """The papers that have to be done by now: those of section D are written while the report is."""
        if self.engagement.stage in {Stage.REPORTING, Stage.QUALITY_REVIEW}:
            return self.lines
        return [line for line in self.lines if line.section != Section.COMPLETION]

    @cached_property
    def requests(self) -> Counter[str]:
        """The number of requests by state; under "overdue" those that the broker owes since their due date."""
        requests = Request.objects.filter(engagement=self.engagement).order_by()
        rows = requests.values_list("state").annotate(
            number=Count("id"),
            late=Count("id", filter=Q(state__in=Request.OPEN_STATES, due_on__lt=timezone.localdate())),
        )
        states: Counter[str] = Counter()
        for state, number, late in rows:
            states.update({state: number, "overdue": late})
        return states

    @cached_property
    def all_findings(self) -> list[Finding]:
        """Every finding by number, the withdrawn too; `.tied` says whether it comes from an exception."""
        tied = Exists(FindingLink.objects.filter(finding=OuterRef("pk")))
        return list(Finding.objects.filter(engagement=self.engagement).annotate(tied=tied).order_by("number"))

    @property
    def findings(self) -> list[Finding]:
        """The findings that count: all but the withdrawn."""
        return [finding for finding in self.all_findings if not finding.is_withdrawn]

    @cached_property
    def conclusion(self) -> Conclusion | None:
        return Conclusion.objects.filter(engagement=self.engagement).select_related("decided_by").first()

    @cached_property
    def fingerprint(self) -> str:
        """The file's fingerprint, from what is known already."""
        return fingerprint_of(
            self.engagement,
            papers=[(line.code, line.content_version, line.signed_hash) for line in self.lines],
            findings=[(finding.number, finding.version) for finding in self.all_findings],
            conclusion=self.conclusion,
            printed=printed(self.engagement),
        )

    @cached_property
    def signed(self) -> set[str]:
        """The roles that signed the file as it is now."""
        rows = EngagementSignOff.objects.filter(engagement=self.engagement, fingerprint=self.fingerprint)
        return set(rows.values_list("role", flat=True))

    def url(self, name: str) -> str:
        return reverse(name, kwargs={"engagement": self.engagement.pk})


def _named(standing: Standing) -> list[Blocker]:
    roles = {member.role for member in standing.engagement.team.all() if member.is_current}
    wanted = {
        Role.PARTNER: _("No partner is named."),
        Role.EQR: _("No quality reviewer is named."),
    }
    return [
        Blocker(f"team.{role}", text, standing.url("engagement-team"))
        for role, text in wanted.items()
        if role not in roles
    ]


def _partner_named(standing: Standing) -> list[Blocker]:
    return [blocker for blocker in _named(standing) if blocker.kind == f"team.{Role.PARTNER}"]


def _unanswered(standing: Standing, kinds: tuple[Any, ...]) -> list[Blocker]:
    answered = ProfileAnswer.objects.filter(engagement=standing.engagement).values("condition")
    conditions = Condition.objects.filter(version=standing.engagement.catalogue_id, kind__in=kinds)
    number = conditions.exclude(pk__in=answered).count()
    text = ngettext(
        "%(n)d condition of the profile isn't answered.", "%(n)d conditions of the profile aren't answered.", number
    )
    return [Blocker("profile.unanswered", text % {"n": number}, standing.url("engagement-profile"))] if number else []


def _profile_answered(standing: Standing) -> list[Blocker]:
    return _unanswered(standing, (Condition.Kind.PROFILE, Condition.Kind.CHOICE))


def _events_answered(standing: Standing) -> list[Blocker]:
    return _unanswered(standing, (Condition.Kind.EVENT,))


def _all_concluded(standing: Standing) -> list[Blocker]:
    open_lines = [line for line in controls(standing.lines) if line.concluded < line.total]
    number = sum(line.total - line.concluded for line in open_lines)
    text = ngettext("%(n)d procedure has no result.", "%(n)d procedures have no result.", number)
    return [Blocker("result.missing", text % {"n": number}, open_lines[0].url)] if number else []


def _exceptions_explained(standing: Standing) -> list[Blocker]:
    if not any(line.exceptions for line in standing.lines):
        return []
    exceptions = ProcedureResult.objects.filter(
        workpaper__engagement=standing.engagement, outcome=Outcome.EXCEPTION, reason=""
    ).exclude(supports__kind=Support.Kind.FINDING)
    found = list(exceptions.select_related("workpaper__engagement"))
    text = ngettext(
        "%(n)d exception has neither finding nor explanation.",
        "%(n)d exceptions have neither finding nor explanation.",
        len(found),
    )
    return (
        [Blocker("finding.missing", text % {"n": len(found)}, found[0].workpaper.get_absolute_url())] if found else []
    )


def _findings_tied(standing: Standing) -> list[Blocker]:
    loose = [finding for finding in standing.findings if not finding.tied]  # type: ignore[attr-defined]  # annotated
    text = ngettext(
        "%(n)d finding is tied to no exception (%(first)s …): tie it to one or withdraw it.",
        "%(n)d findings are tied to no exception (%(first)s …): tie them or withdraw them.",
        len(loose),
    )
    if not loose:
        return []
    return [Blocker("finding.unlinked", text % {"n": len(loose), "first": loose[0].label}, loose[0].get_absolute_url())]


def _papers(kind: str, missing: list[PaperLine], text: Any) -> list[Blocker]:
    """`text` is a lazy plural that names the number and the first paper."""
    return [Blocker(kind, text % {"n": len(missing), "first": missing[0].index}, missing[0].url)] if missing else []


def _all_prepared(standing: Standing) -> list[Blocker]:
    due = standing.due
    stale = [line for line in due if line.is_stale]
    unsigned = [line for line in due if not line.prepared and not line.is_stale]
    return [
        *_papers(
            "paper.stale",
            stale,
            ngettext_lazy(
                "%(n)d paper changed after it was signed (%(first)s …).",
                "%(n)d papers changed after they were signed (%(first)s …).",
                "n",
            ),
        ),
        *_papers(
            "paper.unprepared",
            unsigned,
            ngettext_lazy(
                "%(n)d paper isn't signed as prepared (%(first)s …).",
                "%(n)d papers aren't signed as prepared (%(first)s …).",
                "n",
            ),
        ),
    ]


def _all_reviewed(standing: Standing) -> list[Blocker]:
    unreviewed = [line for line in standing.due if not line.reviewed]
    unapproved = [line for line in standing.due if line.reviewed and line.partner and not line.approved]
    return [
        *_papers(
            "paper.unreviewed",
            unreviewed,
            ngettext_lazy(
                "%(n)d paper isn't reviewed (%(first)s …).", "%(n)d papers aren't reviewed (%(first)s …).", "n"
            ),
        ),
        *_papers(
            "paper.unapproved",
            unapproved,
            ngettext_lazy(
                "%(n)d paper waits for the partner (%(first)s …).",
                "%(n)d papers wait for the partner (%(first)s …).",
                "n",
            ),
        ),
    ]


def _notes_closed(standing: Standing) -> list[Blocker]:
    noted = [line for line in standing.lines if line.notes]
    return _papers(
        "note.open",
        noted,
        ngettext_lazy(
            "%(n)d paper has open review notes (%(first)s …).",
            "%(n)d papers have open review notes (%(first)s …).",
            "n",
        ),
    )


def _requests_settled(standing: Standing) -> list[Blocker]:
    settled = {"overdue", *Request.SETTLED_STATES}
    pending = sum(number for state, number in standing.requests.items() if state not in settled)
    text = ngettext("%(n)d request isn't settled.", "%(n)d requests aren't settled.", pending)
    return [Blocker("request.open", text % {"n": pending}, standing.url("request-list"))] if pending else []


def _concluded(standing: Standing) -> list[Blocker]:
    missing = Blocker("conclusion.missing", _("The conclusion isn't decided."), standing.url("conclusion"))
    return [] if standing.conclusion else [missing]


def _findings_answered(standing: Standing) -> list[Blocker]:
    silent = sum(1 for finding in standing.findings if not finding.response)
    text = ngettext(
        "%(n)d finding has no management response on record.",
        "%(n)d findings have no management response on record.",
        silent,
    )
    return [Blocker("response.missing", text % {"n": silent}, standing.url("finding-list"))] if silent else []


def _final_signed(standing: Standing) -> list[Blocker]:
    if EngagementSignOff.Role.FINAL in standing.signed:
        return []
    text = _("The partner hasn't signed the file as it is now.")
    return [Blocker("final.unsigned", text, standing.url("conclusion"))]


def _quality_signed(standing: Standing) -> list[Blocker]:
    if EngagementSignOff.Role.QUALITY in standing.signed:
        return []
    text = _("The quality reviewer hasn't signed the file as it is now.")
    return [Blocker("quality.unsigned", text, standing.url("conclusion"))]


def _report_issued(standing: Standing) -> list[Blocker]:
    if ReportVersion.objects.filter(engagement=standing.engagement, state=ReportVersion.State.ISSUED).exists():
        return []
    return [Blocker("report.unissued", _("The report isn't issued."), standing.url("report-list"))]


_INTO_REPORTING = (*period.CHECKS, _findings_tied, _all_reviewed, _notes_closed, _requests_settled)
_INTO_QUALITY_REVIEW = (_concluded, _findings_answered, _final_signed)
BEFORE_FINAL = (*_INTO_REPORTING, *_INTO_QUALITY_REVIEW[:-1])
FINAL_REPORT = (_named, *_INTO_REPORTING, *_INTO_QUALITY_REVIEW, _quality_signed)

GATES = {
    Stage.PLANNING: (_partner_named,),
    Stage.FIELDWORK: (_named, _profile_answered),
    Stage.REVIEW: (_events_answered, _all_concluded, _exceptions_explained, _findings_tied, _all_prepared),
    Stage.REPORTING: _INTO_REPORTING,
    Stage.QUALITY_REVIEW: (*_INTO_REPORTING, *_INTO_QUALITY_REVIEW),
    Stage.ISSUED: (*FINAL_REPORT, _report_issued),
}


def blockers_of(gate: tuple[Any, ...], standing: Standing) -> list[Blocker]:
    """Return everything that a gate still waits for."""
    return [blocker for check in gate for blocker in check(standing)]


def blockers_into(stage: Stage, standing: Standing) -> list[Blocker]:
    """Return what keeps the engagement out of `stage`."""
    return blockers_of(GATES.get(stage, ()), standing)
