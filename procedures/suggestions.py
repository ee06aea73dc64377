"""Control text that no printed procedure tests: each such gap is adopted as an added procedure, or declined."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from controls.models import CoverageGap
from foundation.web.blockers import Blocker
from procedures.models import DeclinedGap, Outcome, ProcedureResult, Workpaper

QUOTED = re.compile("「[及並]?([^」]+)」")  # without the conjunction by which a passage joins what stands before it


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A gap of the catalogue, with what the team decided about it."""

    gap: CoverageGap
    declined: DeclinedGap | None
    is_adopted: bool

    @property
    def is_open(self) -> bool:
        """Whether nothing is decided yet."""
        return self.declined is None and not self.is_adopted

    @property
    def wording(self) -> str:
        """A procedure to begin with: about the passages of the control text that the gap quotes.

        What it quotes after naming the procedures is their text, which is there already.
        """
        of_control = self.gap.note.split("程序", maxsplit=1)[0]
        passages = "、".join(f"「{passage}」" for passage in QUOTED.findall(of_control))
        if not passages:
            return f"取得相關規定及紀錄，查核下列事項：{self.gap.note}。"
        return f"取得公司就{passages}之規定及執行紀錄，檢查是否符合控制重點之要求。"


def suggestions_of(paper: Workpaper, results: Collection[ProcedureResult]) -> list[Suggestion]:
    """Return the gaps of the paper's control point, in the catalogue's order (two queries at most; none for a memo)."""
    gaps = [] if paper.is_general else list(CoverageGap.objects.filter(point=paper.control_point_id))
    if not gaps:
        return []
    declined = {row.gap_id: row for row in DeclinedGap.objects.filter(workpaper=paper).select_related("declined_by")}
    adopted = {result.gap_id for result in results if result.is_added}
    return [Suggestion(gap, declined.get(gap.pk), gap.pk in adopted) for gap in gaps]


def undecided(suggestions: Collection[Suggestion], results: Collection[ProcedureResult]) -> list[Blocker]:
    """Return the gaps that hold the paper's signature. Of a control that doesn't apply at all nothing is asked."""
    if all(result.outcome == Outcome.NOT_APPLICABLE for result in results):
        return []
    text = _("Adopt as a procedure, or decline with a reason: %(gap)s")
    open_ones = (each.gap for each in suggestions if each.is_open)
    return [Blocker("gap.undecided", text % {"gap": gap.note}, f"#gap-{gap.pk}") for gap in open_ones]
