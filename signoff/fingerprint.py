"""What the partner's and the quality reviewer's signatures cover: the whole file in one hash."""

import hashlib
from collections.abc import Iterable
from typing import Any

import rfc8785
from django.db.models import Subquery

from engagements.models import Engagement, TeamMember
from findings.models import Finding
from foundation.trail.models import Event
from procedures.models import SignOff, Workpaper
from signoff.models import Conclusion

# What else the report prints or the signatures rest on. Its rows can be changed back, the trail's place can't.
PRINTED = (
    "conclusion.decided",
    "cosigner.named",
    "cosigner.removed",
    "engagement.reissued",
    "engagement.returned",
    "evidence.described",
    "evidence.received",
    "evidence.released",
    "evidence.withdrawn",
    "letter.saved",
    "member.joined",
    "member.left",
    "profile.answered",
)


PARTICULARS = ("name", "address")
TEAM = ("user__name", "user__certificate", "user__experience")
COMPANIES = tuple(f"engagement__{company}__{name}" for company in ("firm", "auditee") for name in PARTICULARS)


def printed(engagement: Engagement) -> list[list[Any]]:
    """Return what the report prints besides papers and findings: per member of the team, the place in the trail of the
    newest change to it, and what stands in people's and organizations' own accounts (one query).
    """
    changes = Event.objects.filter(chain__key=engagement.chain, name__in=PRINTED).order_by("-seq")
    team = TeamMember.objects.filter(engagement=engagement).order_by("pk")
    rows = team.annotate(last=Subquery(changes.values("seq")[:1])).values_list("last", *COMPANIES, *TEAM)
    return [list(row) for row in rows]


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
    and what else is printed: profile, team, evidence, letter by their last change's place in the trail, names by name.

    Any change to any of them gives another fingerprint, also one that is taken back. `papers` are (code, version,
    hash or "") in index order, `findings` (number, version) by number.
    """
    content: dict[str, Any] = {
        "engagement": str(engagement.pk),
        "catalogue": engagement.catalogue_id,
        "papers": [list(paper) for paper in papers],
        "findings": [list(finding) for finding in findings],
        "conclusion": [conclusion.kind, conclusion.rationale] if conclusion else [],
        "printed": list(printed),
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
