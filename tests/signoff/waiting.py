"""What an engagement waits for before a stage."""

from engagements.models import Engagement, Stage
from foundation.web.blockers import Blocker
from signoff.gates import blockers_into
from signoff.standing import Standing


def blockers(engagement, stage: Stage) -> list[Blocker]:
    return blockers_into(stage, Standing(Engagement.objects.get(pk=engagement.pk)))


def kinds(engagement, stage: Stage) -> list[str]:
    return [blocker.kind for blocker in blockers(engagement, stage)]
