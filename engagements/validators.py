"""What must hold before anything on an engagement is written."""

from django.utils.translation import gettext as _

from engagements.models import Engagement, TeamMember
from foundation.accounts.models import User
from foundation.web.refusals import Refused


def check_open(engagement: Engagement) -> None:
    """Refuse work on an engagement whose stage takes none, or of which only the report's wording is open."""
    if engagement.wording_only:
        raise Refused(_("The report is reissued for its wording only: the file itself stays as it was issued."))
    if not engagement.is_open_for_work:
        raise Refused(_("The engagement isn't open for work; nothing was saved."))


def check_letters_open(engagement: Engagement) -> None:
    """Refuse to write the report's letter or the representation letter: both are open in every reissue."""
    if engagement.is_closed:
        raise Refused(_("The engagement is closed; nothing was saved."))


def is_on_team(engagement: Engagement, person: User) -> bool:
    """Whether somebody works on the engagement today: on its team, with an account, and still one of the firm's."""
    return not engagement.roles_of(person).isdisjoint(TeamMember.TEAM_ROLES)


def check_member(engagement: Engagement, person: User | None) -> None:
    """Refuse to give anything to somebody who isn't on the engagement's team today."""
    if person and not is_on_team(engagement, person):
        raise Refused(_("%(name)s isn't on the team.") % {"name": person.name})
