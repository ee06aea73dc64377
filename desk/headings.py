"""Chapters and areas titled as the guideline prints them: 一、 for a chapter, （一） for an area."""

from django.utils.translation import get_language, pgettext

from foundation.web.roc import number_in_words
from procedures.queries import AreaLines, ChapterLines


def chapter_heading(chapter: ChapterLines) -> str:
    return pgettext("chapter", "%(number)s. %(title)s") % _numbered(chapter.number, chapter.title)


def area_heading(area: AreaLines) -> str:
    return pgettext("area", "%(number)s. %(title)s") % _numbered(area.number, area.title)


def _numbered(number: int, title: str) -> dict[str, str]:
    chinese = (get_language() or "").startswith("zh")
    return {"number": number_in_words(number) if chinese else str(number), "title": title}
