"""What must hold before anything on an engagement is written."""

from django.utils.translation import gettext as _

from engagements.models import Engagement
from foundation.web.refusals import Refused


def check_open(engagement: Engagement) -> None:
    """Refuse work on an engagement whose stage takes none."""
    if not engagement.is_open_for_work:
        raise Refused(_("The engagement isn't open for work; nothing was saved."))
