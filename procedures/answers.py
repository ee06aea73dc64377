"""What a workpaper's page is told after an act on the paper."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse, JsonResponse

from foundation.web import roc
from foundation.web.answers import changed
from foundation.web.refusals import Conflict
from procedures.models import Workpaper


def paper_changed(workpaper_id: UUID, *, changes: int = 1) -> HttpResponse:
    """204 with the content's version, of which the last `changes` are this act's own.

    When the page hasn't seen all the others, somebody else was writing, and it offers no signature.
    """
    return changed(**moved_on(workpaper_id, changes=changes))


def moved_on(workpaper_id: UUID, *, changes: int) -> dict[str, int]:
    """What an event tells the page of an act: the content's version, and how many changes of it are the act's own."""
    version = Workpaper.objects.values_list("content_version", flat=True).get(pk=workpaper_id)
    return {"content_version": version, "changes": changes}


def conflicting(conflict: Conflict) -> JsonResponse:
    """409 with the other person's text, dates as the page shows them."""
    theirs = dict(conflict.theirs)
    if day := theirs.get("performed_on"):
        theirs["performed_on"] = roc.short(date.fromisoformat(day))
    return JsonResponse({"version": conflict.version, "theirs": theirs, "detail": str(conflict)}, status=409)
