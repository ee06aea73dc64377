"""A binder as a PDF: what is issued is laid out in one pass, with tags; a draft only where it changed."""

from reports import composing, drafts, readiness
from reports.binder import Binder
from reports.engine import Progress, Rendering, print_html, unheard

VARIANT = "pdf/a-3a"


def render(binder: Binder, progress: Progress = unheard) -> Rendering:
    """The binder as PDF/A-3a, a draft as PDF/A-3u. `progress` hears the stages check, compose, layout, write.

    Raises readiness.NotReady, typefaces.TypefaceMissing or RenderingFailed; never prints half a report.
    """
    progress("check")
    digest = binder.digest()
    binder = readiness.printable(binder)
    progress("compose")
    if binder.draft:
        return drafts.render(binder, digest, progress)
    return in_one_pass(binder, digest, progress)


def in_one_pass(binder: Binder, digest: str, progress: Progress = unheard) -> Rendering:
    """The whole report, laid out at once. `digest` is that of the frozen binder."""
    html = composing.document_html(binder, digest)
    return print_html(html, progress, variant=VARIANT, identifier=bytes.fromhex(digest)[:16])
