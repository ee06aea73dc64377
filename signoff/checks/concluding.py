"""What the conclusion rests on: that it is decided on what is known now, and that its papers are signed."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from foundation.web.blockers import Blocker
from procedures.queries import PaperLine
from signoff.standing import Standing

# The papers of section D that have to be finished before the quality review, whatever else is: enquiries about what
# happened since, and the memorandum, which the partner signs too.
NAMED = ("subsequent", "memorandum")


def decision_holds(standing: Standing) -> list[Blocker]:
    """Return that the conclusion was decided on other findings or limitations than there are now."""
    decided = standing.conclusion
    if decided is None:
        return []
    proposal = standing.proposal(decided.pervasive)
    if proposal.kind == decided.proposed and (not proposal.asks or decided.pervasive in proposal.asks):
        return []
    text = _("What the rules propose has changed since the conclusion was decided: decide it again.")
    return [Blocker("conclusion.outdated", text, standing.url("conclusion"))]


def papers_finished(standing: Standing) -> list[Blocker]:
    """Return which of the named papers lacks which signature."""
    return [Blocker(f"{line.template}.unsigned", text, line.url) for line, text in _unfinished(standing)]


def _unfinished(standing: Standing) -> Iterator[tuple[PaperLine, str]]:
    for line in standing.lines:
        if line.template in NAMED and (text := _missing(line)):
            yield line, text % {"paper": f"{line.index} {line.title}"}


def _missing(line: PaperLine) -> str:
    """What the paper lacks, in words with the place of its name; nothing when it is finished."""
    if not line.prepared:
        return _("%(paper)s isn't signed as prepared.")
    if not line.reviewed:
        return _("%(paper)s isn't reviewed.")
    return _("%(paper)s waits for the partner.") if line.partner and not line.approved else ""
