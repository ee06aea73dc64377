"""The parts of a file, and the general papers that the method prescribes for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Section(models.TextChoices):
    """The parts of a file, by the letter that begins their papers' indexes."""

    ACCEPTANCE = "A", _("Acceptance of the engagement")
    PLANNING = "B", _("Planning")
    CONTROLS = "C", _("Control points")
    COMPLETION = "D", _("Completion and letters")


def index_of(section: str, code: str) -> str:
    """The paper's index: what it is called in the file."""
    return f"C-{code}" if section == Section.CONTROLS else code


@dataclass(frozen=True, slots=True)
class Template:
    """A prescribed general paper: what it is called, and what belongs on it."""

    section: Section
    title: Promise
    asks: Promise


TEMPLATES: Mapping[str, Template] = {
    "acceptance": Template(
        Section.ACCEPTANCE,
        _("Acceptance and continuance"),
        _(
            "The broker's integrity, why the report is needed and by when, what the firm knows from earlier years, "
            "whether the criteria suit the purpose, and the decision with its reasons."
        ),
    ),
    "independence": Template(
        Section.ACCEPTANCE,
        _("Independence"),
        _(
            "Each member's declaration, the firm's other services to the broker and its group, "
            "threats that were found and the safeguards against them."
        ),
    ),
    "competence": Template(
        Section.ACCEPTANCE,
        _("Competence and resources"),
        _(
            "The team's qualifications and experience in information security, the hours planned, "
            "and where a specialist is needed."
        ),
    ),
    "terms": Template(
        Section.ACCEPTANCE,
        _("Terms of the engagement"),
        _(
            "The signed engagement letter: kind of engagement, period or date, responsibilities, and the clause that "
            "lets the FSC and the exchange ask for explanations and working papers (article 22)."
        ),
    ),
    "understanding": Template(
        Section.PLANNING,
        _("Understanding of the broker"),
        _(
            "Business and systems in scope, locations, outsourcing and cloud services, "
            "what changed since the last assessment, earlier findings."
        ),
    ),
    "risks": Template(
        Section.PLANNING,
        _("Risk assessment"),
        _(
            "For each area: what could go wrong, how likely and how grave, whether the risk is high, "
            "and how the procedures answer to it."
        ),
    ),
    "materiality": Template(
        Section.PLANNING,
        _("Materiality and severity"),
        _(
            "When a deficiency is minor, significant or material: by what it touches, how many, how long, "
            "and how several are judged together."
        ),
    ),
    "discussion": Template(
        Section.PLANNING,
        _("Discussion among the team"),
        _("Who met when, what was discussed about risks, fraud and unreported incidents, what was decided."),
    ),
    "reliance": Template(
        Section.PLANNING,
        _("Use of the work of others"),
        _(
            "Reports on service organizations (period, bridge letter, carve-outs, complementary user controls, "
            "exceptions), experts, internal audit: what is relied on, and why it may be."
        ),
    ),
    "incidents": Template(
        Section.COMPLETION,
        _("Incidents, fraud and their escalation"),
        _("What came to light that ought to have been reported, to whom it was brought, and what followed."),
    ),
    "internal-audit": Template(
        Section.COMPLETION,
        _("Internal audit's follow-up"),
        _("What internal audit did about earlier findings, and the evidence of it."),
    ),
    "subsequent": Template(
        Section.COMPLETION,
        _("Subsequent events"),
        _("What was asked and read about the time after the period or date, of whom and until when."),
    ),
    "representations": Template(
        Section.COMPLETION,
        _("Management's representations"),
        _("The representation letter: its draft, its date near the report's, who signed it."),
    ),
    "memorandum": Template(
        Section.COMPLETION,
        _("Conclusion memorandum"),
        _(
            "Findings one by one and together, compensating controls, limitations of scope, difficult judgements, "
            "and the conclusion that follows."
        ),
    ),
    "correspondence": Template(
        Section.COMPLETION,
        _("Correspondence with authorities"),
        _("What the FSC or the exchange asked for, what was supplied, by whom it was approved."),
    ),
}


def general_title(template: str, title: str) -> str:
    """What a general paper is called, in the reader's language."""
    return str(TEMPLATES[template].title) if template in TEMPLATES else title
