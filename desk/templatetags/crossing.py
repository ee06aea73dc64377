"""Cross-references in templates: texts as HTML with their links, and the places that a row's texts name."""

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString

from procedures import references
from procedures.models import ProcedureResult, Workpaper
from procedures.queries import PaperLine

register = template.Library()
Papers = Mapping[str, PaperLine]


@register.filter
def linked(text: str, papers: Papers) -> SafeString:
    """`{{ result.work|linked:sheet.papers }}`: escaped, with a link for each paper that it names."""
    return references.linked(text, papers)


@register.filter
def refers(row: ProcedureResult | Workpaper, papers: Papers) -> list[references.Reference]:
    """The places that a result's texts name, or a paper's conclusion."""
    if isinstance(row, Workpaper):
        return references.references_in([row.conclusion], papers)
    return references.references_in([row.work, row.reason, row.departure, row.text], papers)
