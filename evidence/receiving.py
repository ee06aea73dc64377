"""A file for an engagement begins to come in, if its engagement is open and has room for it."""

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.validators import check_letters_open
from evidence.models import Evidence, Request
from evidence.requests import answerable
from foundation.accounts.models import User
from foundation.files.models import Upload
from foundation.files.refusals import TooLarge
from foundation.files.uploads import abandon, begin

MOST_UNDER_WAY = 20  # files of one person that aren't received whole


@transaction.atomic
def begin_upload(engagement: Engagement, *, name: str, size: int, by: User) -> Upload:
    """The team begins to send a file for an engagement: evidence, or the scan of a letter. Which one is known, and
    whether that is open, once it has come.
    """
    current = Engagement.objects.locked(engagement.pk)
    check_letters_open(current)
    return _begin(current, name, size, by)


@transaction.atomic
def begin_answer(request: Request, *, name: str, size: int, by: User) -> Upload:
    """The broker begins to send a file that was asked for."""
    return _begin(answerable(request).engagement, name, size, by)


def _begin(engagement: Engagement, name: str, size: int, by: User) -> Upload:
    """Begin within the engagement's quota; it is locked, so that two files can't share the last of its room."""
    _give_up_oldest(by)
    if size + _used(engagement) > settings.MAX_ENGAGEMENT_BYTES:
        limit = filesizeformat(settings.MAX_ENGAGEMENT_BYTES)
        raise TooLarge(
            _("The evidence of this engagement would exceed %(limit)s; nothing was stored.") % {"limit": limit}
        )
    return begin(name=name, size=size, scope=engagement.pk, by=by)


def _give_up_oldest(by: User) -> None:
    """End what somebody left unfinished beyond some: what is only announced must not take all room from the others."""
    under_way = Upload.objects.filter(by=by, state=Upload.State.RECEIVING).order_by("-touched_at")
    for upload in under_way[MOST_UNDER_WAY - 1 :]:
        abandon(upload)


def _used(engagement: Engagement) -> int:
    """Bytes of its evidence, and of what is on its way in; what was refused has none."""
    stored = Evidence.objects.filter(engagement=engagement).aggregate(sum=Sum("file__size"))["sum"] or 0
    coming = Upload.objects.filter(scope=engagement.pk).exclude(state=Upload.State.REFUSED)
    return stored + (coming.aggregate(sum=Sum("size"))["sum"] or 0)
