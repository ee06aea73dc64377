"""What the papers keep an engagement from: no result, no signature, an open note."""

from typing import Any

from django.utils.translation import ngettext, ngettext_lazy

from foundation.web.blockers import Blocker
from procedures.models import Outcome, ProcedureResult, Support
from procedures.queries import PaperLine, controls
from signoff.checks.concluding import NAMED
from signoff.standing import Standing


def all_concluded(standing: Standing) -> list[Blocker]:
    """Return how many procedures have no result."""
    open_lines = [line for line in controls(standing.lines) if line.concluded < line.total]
    number = sum(line.total - line.concluded for line in open_lines)
    text = ngettext("%(n)d procedure has no result.", "%(n)d procedures have no result.", number)
    return [Blocker("result.missing", text % {"n": number}, open_lines[0].url)] if number else []


def exceptions_explained(standing: Standing) -> list[Blocker]:
    """Return the exceptions with neither finding nor explanation."""
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


def _papers(kind: str, missing: list[PaperLine], text: Any) -> list[Blocker]:
    """`text` is a lazy plural that names the number and the first paper."""
    return [Blocker(kind, text % {"n": len(missing), "first": missing[0].index}, missing[0].url)] if missing else []


def all_prepared(standing: Standing) -> list[Blocker]:
    """Return the papers that aren't signed as prepared, or changed since."""
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


def all_reviewed(standing: Standing) -> list[Blocker]:
    """Return the papers that wait for review, or for the partner; `concluding` asks for those that it names."""
    due = [line for line in standing.due if line.template not in NAMED]
    unreviewed = [line for line in due if not line.reviewed]
    unapproved = [line for line in due if line.reviewed and line.partner and not line.approved]
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


def notes_closed(standing: Standing) -> list[Blocker]:
    """Return the papers with open review notes."""
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
