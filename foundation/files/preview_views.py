"""What every view of a page's picture answers: the picture, or when to ask again."""

from http import HTTPStatus

from django.http import HttpResponse

from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import allowed, too_many
from foundation.files.models import StoredFile
from foundation.files.previews import ask_preview, is_asked

AGAIN_SECONDS = "1"
PICTURE = "image/webp"


def awaited(request: PersonRequest, file: StoredFile, page: int) -> HttpResponse:
    """Have the page drawn, and say when to ask again; 429 to whoever has more drawn than one person looks at."""
    if not is_asked(file, page) and not allowed(request, "preview"):
        return too_many()
    ask_preview(file, page=page, by=request.user)
    return HttpResponse(status=HTTPStatus.ACCEPTED, headers={"Retry-After": AGAIN_SECONDS})
