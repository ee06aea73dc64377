"""What bears on the conclusion: each finding alone, and those that are judged together."""

from dataclasses import dataclass

from engagements.models import Engagement
from findings.models import Bearing, Finding, FindingGroup


@dataclass(frozen=True, slots=True)
class Weight:
    """A finding or a group: how it is called, its severity, and what it does to the conclusion."""

    label: str
    title: str
    severity: str
    bearing: Bearing
    url: str
    members: tuple[str, ...] = ()  # the labels of a group's findings

    @property
    def bears_on_conclusion(self) -> bool:
        """Whether it is a basis for modifying the conclusion."""
        return self.bearing != Bearing.DISCLOSED

    @property
    def pervasive(self) -> bool:
        return self.bearing == Bearing.PERVASIVE


def weights(engagement: Engagement) -> list[Weight]:
    """Return the upheld findings by number, then the groups; what was withdrawn counts in neither (three queries)."""
    findings = Finding.objects.upheld().filter(engagement=engagement).order_by("number")
    groups = FindingGroup.objects.filter(engagement=engagement).prefetch_related("members").order_by("number")
    alone = [_of(finding) for finding in findings.select_related("engagement", "retested")]
    together = [(group, standing) for group in groups if (standing := _standing(group))]
    return [*alone, *(_of_group(group, standing) for group, standing in together)]


def _of(finding: Finding) -> Weight:
    return Weight(finding.label, finding.title, finding.severity, finding.bearing, finding.get_absolute_url())


def _standing(group: FindingGroup) -> list[Finding]:
    return [finding for finding in group.members.all() if not finding.is_withdrawn]


def _of_group(group: FindingGroup, members: list[Finding]) -> Weight:
    labels = tuple(finding.label for finding in members)
    return Weight(group.label, group.title, group.severity, group.bearing, members[0].get_absolute_url(), labels)
