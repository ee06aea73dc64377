"""A report's pages as pictures: drawn in batches by a job, as those of evidence, from the PDF that is handed out."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.files.models import StoredFile
from foundation.files.preview_views import PICTURE, awaited
from foundation.files.previews import is_hopeless, picture_of, preview_of
from foundation.web.guards import guarded
from reports.queries import visible_versions
from signoff.models import ReportVersion


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One page of a version, as an address names it."""

    report: ReportVersion
    number: int

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.report.roles_of(user)

    @property
    def file(self) -> StoredFile:
        """The PDF, if it has this page and the page can be drawn; 404 otherwise."""
        stored = self.report.pdf
        if stored is None or not 1 <= self.number <= (self.report.pages or 0):
            raise Http404
        if preview_of(stored).reason or is_hopeless(stored, self.number):
            raise Http404
        return stored


def page_of(user: User, *, report: UUID, page: int) -> ReportPage:
    """Load a page of a version that the person may see; whether it can be shown is asked later."""
    return ReportPage(get_object_or_404(visible_versions(user), pk=report), page)


@guarded("report.view", page_of)
@require_safe
def report_page(request: PersonRequest, page: ReportPage) -> HttpResponse:
    """The page's picture, `?small` the one in the overview. Like every page it stays in no cache."""
    file = page.file
    picture = picture_of(file, page.number, small="small" in request.GET)
    return awaited(request, file, page.number) if picture is None else HttpResponse(picture, PICTURE)
