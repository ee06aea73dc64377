"""The representation letter as it is proposed for an engagement, and as a PDF that management signs."""

from django.template.loader import render_to_string

from engagements.models import Engagement, TeamMember
from findings.models import Finding
from foundation.accounts.policy import Role
from foundation.web import roc
from reports import pdf, wording
from reports.engine import print_html
from reports.letter import DEFAULTS
from reports.letter_parts import PLACEHOLDER, Option, Paragraph, marked, split
from signoff.letters import FOLDER
from signoff.models import RepresentationLetter

TITLE = "客戶聲明書"
_AS_OF = "特定日"


def proposed_text(engagement: Engagement) -> str:
    """The supplied wording, filled with what is known of the engagement; what isn't stays in braces (two queries)."""
    known = _known(engagement)
    template = (FOLDER / "representation.md").read_text(encoding="utf-8")
    options = {_AS_OF: engagement.period_start is None, Option.FINDINGS: known["缺失數"] != "0"}
    kept = (block for option, block in split(template) if not option or options.get(option))
    return "\n\n".join(PLACEHOLDER.sub(lambda found: known.get(found[1]) or found[0], block) for block in kept)


def _known(engagement: Engagement) -> dict[str, str]:
    partners = TeamMember.objects.current().filter(engagement=engagement, role=Role.PARTNER)
    partner = partners.select_related("user").first()
    return {
        **DEFAULTS,
        "受查者": engagement.auditee.name,
        "事務所名稱": engagement.firm.name,
        "會計師姓名": partner.user.name if partner else "",
        "基準版本": engagement.catalogue.edition_zh,
        "缺失數": str(Finding.objects.upheld().filter(engagement=engagement).count()),
        **_spans(engagement),
    }


def _spans(engagement: Engagement) -> dict[str, str]:
    """What the letter says of time: of a period, or of a day and what came before it."""
    last = roc.in_words(engagement.last_day)
    if engagement.period_start is None:
        scope = f"就{last}之設計及付諸實行情形"
        return {"聲明範圍": scope, "聲明期間": f"截至{last}", "聲明截止日": last, "基準日": last}
    period = wording.span(engagement.period_start, engagement.last_day)
    return {"聲明範圍": f"就{period}之設計及執行情形", "聲明期間": period, "聲明截止日": last}


def paragraphs_of(letter: RepresentationLetter) -> list[tuple[str, Paragraph]]:
    """(option, paragraph) of the draft as it is printed; nothing in it is optional any more."""
    return list(marked(letter.text, None, {}))


def draw(letter: RepresentationLetter) -> bytes:
    """The draft as a PDF to be signed. Raises RenderingFailed."""
    context = {
        "title": TITLE,
        "auditee": letter.engagement.auditee,
        "paragraphs": paragraphs_of(letter),
    }
    html = render_to_string("reports/document/representation.html", context)
    return print_html(html, variant=pdf.VARIANT).content
