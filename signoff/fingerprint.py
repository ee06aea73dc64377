"""What the partner's and the quality reviewer's signatures cover: the whole file in one hash."""

import hashlib
from collections.abc import Iterable
from typing import Any

import rfc8785
from django.db.models import OuterRef, Subquery

from engagements.models import Engagement, TeamMember
from findings.models import Finding
from foundation.trail.models import Event
from procedures.models import SignOff, Workpaper
from signoff.decided import signed_content
from signoff.letters import supplied_digest
from signoff.models import Conclusion, LetterTemplate

# What else the report prints or the signatures rest on. Its rows can be changed back, the trail's place can't.
PRINTED = (
    "conclusion.decided",
    "declaration.made",
    "engagement.accepted",
    "cosigner.named",
    "cosigner.removed",
    "engagement.reissued",
    "engagement.returned",
    "evidence.described",
    "evidence.received",
    "evidence.released",
    "evidence.withdrawn",
    "finding.answered",
    "finding.grouped",
    "finding.released",
    "finding.ungrouped",
    "followup.added",
    "followup.assessed",
    "letter.saved",
    "member.joined",
    "member.left",
    "plan.approved",
    "profile.answered",
    "risk.assessed",
    "terms.recorded",
    "representation.drafted",
    "representation.signed",
)


PARTICULARS = ("name", "address")
TEAM = ("user__name", "user__certificate", "user__experience")
COMPANIES = tuple(f"engagement__{company}__{name}" for company in ("firm", "auditee") for name in PARTICULARS)
COSIGNER = ("engagement__cosigner__user__name", "engagement__cosigner__user__certificate")
LETTER = ("engagement__kind", "engagement__conclusion__kind")


def printed(engagement: Engagement) -> list[list[Any]]:
    """Return what the report prints besides papers and findings: per member of the team, the place in the trail of the
    newest change to it, what stands in people's and organizations' own accounts, the second signer's where there is
    one, and the letter's wording (one query).
    """
    changes = Event.objects.filter(chain__key=engagement.chain, name__in=PRINTED).order_by("-seq")
    team = TeamMember.objects.filter(engagement=engagement).order_by("pk")
    asked = {"last": Subquery(changes.values("seq")[:1]), "wording": Subquery(_wordings().values("pk")[:1])}
    rows = team.annotate(**asked).values_list("wording", *LETTER, *COSIGNER, "last", *COMPANIES, *TEAM)
    return [
        [str(wording or ""), supplied_digest(kind, conclusion), *particulars, *filter(None, (second, certificate))]
        for wording, kind, conclusion, second, certificate, *particulars in rows
    ]


def _wordings() -> Any:
    """The firm's own templates for the engagement's conclusion, the one in force first; a version never changes."""
    return LetterTemplate.objects.in_force(OuterRef("engagement__firm"), *map(OuterRef, LETTER))


def fingerprint(engagement: Engagement) -> str:
    """SHA-256 (hex) of the file as it stands in the database (five queries)."""
    signed = {
        (workpaper, version): digest
        for workpaper, version, digest in SignOff.objects.filter(workpaper__engagement=engagement)
        .order_by()
        .values_list("workpaper", "content_version", "content_hash")
    }
    papers = Workpaper.objects.filter(engagement=engagement).order_by("position")
    findings = Finding.objects.filter(engagement=engagement).order_by("number")
    return fingerprint_of(
        engagement,
        papers=[
            (code, version, signed.get((pk, version), ""))
            for pk, code, version in papers.values_list("pk", "code", "content_version")
        ],
        findings=list(findings.values_list("number", "version")),
        conclusion=Conclusion.objects.filter(engagement=engagement).first(),
        printed=printed(engagement),
    )


def fingerprint_of(
    engagement: Engagement,
    *,
    papers: Iterable[tuple[str, int, str]],
    findings: Iterable[tuple[int, int]],
    conclusion: Conclusion | None,
    printed: Iterable[list[Any]],
) -> str:
    """SHA-256 (hex) over every paper's content version and signed hash, every finding's version, the conclusion,
    and what else is printed: profile, team, evidence, letters by their last change's place in the trail, names by name,
    the letter's wording.

    Any change to any of them gives another fingerprint, also one that is taken back. `papers` are (code, version,
    hash or "") in index order, `findings` (number, version) by number.
    """
    content: dict[str, Any] = {
        "engagement": str(engagement.pk),
        "catalogue": engagement.catalogue_id,
        "papers": [list(paper) for paper in papers],
        "findings": [list(finding) for finding in findings],
        "conclusion": signed_content(conclusion),
        "printed": list(printed),
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
