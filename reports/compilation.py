"""Compiling: from an engagement's live rows to the binder that is frozen. A constant number of queries.

The report is a Chinese document, so names that the interface shows in the reader's language are taken in Chinese.
"""

from collections.abc import Iterator

from django.db.models import Count, Prefetch, QuerySet
from django.utils import translation

from controls.models import ExpectedDocument, InstrumentVersion
from engagements.accepted import decision
from engagements.models import Acceptance, Engagement, ProfileAnswer, TeamMember
from evidence.manifest import all_evidence, manifest_root
from evidence.models import Evidence
from findings.asking import asked_of, with_releases
from findings.models import Finding, FindingLink, FollowUp, ManagementResponse
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.trail.models import Chain
from reports import binder as b
from reports import papers, wording
from reports.letter_parts import Option
from reports.models import LetterEntries
from signoff.letters import Wording, wording_in_force
from signoff.models import Conclusion, Cosigner, Reissue, ReportVersion

SCOPE_ENTRIES = ("評估系統", "場所", "委外事項", "雲端服務", "排除事項")
_FORMS = {Acceptance.Form.DIRECT: Option.DIRECT, Acceptance.Form.ATTESTATION: Option.ATTESTATION}
_SENIORITY = (Role.PARTNER, Role.EQR, Role.MANAGER, Role.INCHARGE, Role.SPECIALIST, Role.STAFF)


def compile_binder(report: ReportVersion) -> b.Binder:
    """The binder of this version, from the rows as they are now. Call it once; `reports.tasks` freezes the outcome."""
    with translation.override("zh-hant"):
        return _compile(
            report, Engagement.objects.select_related("firm", "auditee", "catalogue").get(pk=report.engagement_id)
        )


def _compile(report: ReportVersion, engagement: Engagement) -> b.Binder:
    team = list(_team(engagement))
    entries = LetterEntries.objects.filter(engagement=engagement).first()
    values = _letter_values(_signers(engagement, team), entries)
    conclusion = Conclusion.objects.filter(engagement=engagement).first()
    letter = _wording(engagement, conclusion)
    evidence = all_evidence(engagement)
    return b.Binder(
        kind=b.Kind(engagement.kind),
        title=wording.TITLE,
        draft=not report.final,
        number=report.report_number,
        report_date=report.report_date,
        since=engagement.period_start,
        until=engagement.last_day,
        auditee=b.Party(engagement.auditee.name, engagement.auditee.tax_id, engagement.auditee.address),
        firm=b.Party(engagement.firm.name, engagement.firm.tax_id, engagement.firm.address),
        criteria_version=engagement.catalogue.edition_zh,
        conclusion=b.Conclusion(conclusion.kind) if conclusion else None,
        letter_values=tuple(b.Value(name, text) for name, text in sorted(values.items())),
        letter_options=_letter_options(values, entries, decision(engagement)),
        letter_template=letter.text,
        letter_version=letter.version,
        evaluators=tuple(map(_evaluator, team)),
        scope=tuple(b.Fact(name, values[name]) for name in SCOPE_ENTRIES if name in values),
        conditions=tuple(_conditions(engagement)),
        chapters=papers.chapters(engagement),
        findings=tuple(map(_finding, _findings(engagement))),
        follow_ups=tuple(_follow_ups(engagement)),
        evidence=tuple(_evidence(piece) for piece in evidence if not piece.withdrawn),
        criteria=tuple(_criteria(engagement)),
        trail=_trail_head(engagement, evidence),
        superseded=_superseded(engagement),
        disclose_evidence=not report.final,  # the firm's own copy names the files, the issued one doesn't
    )


def _wording(engagement: Engagement, conclusion: Conclusion | None) -> Wording:
    """The letter's template as it is in force; none while there is no conclusion."""
    return wording_in_force(engagement.firm_id, engagement.kind, conclusion.kind) if conclusion else Wording("")


def _superseded(engagement: Engagement) -> b.Superseded | None:
    """The issued report that is being reissued."""
    reissue = Reissue.objects.under_way().select_related("of").filter(engagement=engagement).first()
    if reissue is None or reissue.of.report_date is None:
        return None
    material = reissue.kind == Reissue.Kind.MATERIAL
    return b.Superseded(reissue.of.report_number, reissue.of.report_date, material, reissue.reason)


def _team(engagement: Engagement) -> list[TeamMember]:
    members = TeamMember.objects.current().filter(engagement=engagement).select_related("user")
    return sorted(members, key=lambda member: _SENIORITY.index(Role(member.role)))


def _evaluator(member: TeamMember) -> b.Evaluator:
    certificates = tuple(filter(None, member.user.certificate.split("、")))
    return b.Evaluator(member.user.name, member.get_role_display(), certificates, member.user.experience)


def _signers(engagement: Engagement, team: list[TeamMember]) -> list[User]:
    """The partners who sign the letter: the engagement's, and the second signer."""
    partners = [member.user for member in team if member.role == Role.PARTNER]
    return [*partners, *(row.user for row in Cosigner.objects.filter(engagement=engagement).select_related("user"))]


def _letter_values(signers: list[User], entries: LetterEntries | None) -> dict[str, str]:
    """What the letter needs beyond the binder's own facts: who signs it, and what was entered."""
    names = "、".join(signer.name for signer in signers)
    certificates = "、".join(signer.certificate for signer in signers if signer.certificate)
    signing = {"會計師姓名": names, "會計師證書": certificates}
    return {name: text for name, text in (signing | (entries.values if entries else {})).items() if text}


def _letter_options(
    values: dict[str, str], entries: LetterEntries | None, accepted: Acceptance | None
) -> tuple[str, ...]:
    """The chosen paragraphs, the form that the partner accepted, lines of the signature that have a value."""
    chosen = (set(entries.options) if entries else set()) - set(_FORMS.values())
    if accepted:
        chosen.add(_FORMS[Acceptance.Form(accepted.form)].value)
    chosen |= {option.value for option in (Option.CERTIFICATE, Option.APPROVAL_NUMBER) if option.value in values}
    return tuple(sorted(chosen))


def _conditions(engagement: Engagement) -> Iterator[b.Condition]:
    answers = {answer.condition_id: answer for answer in ProfileAnswer.objects.filter(engagement=engagement)}
    for condition in engagement.catalogue.conditions.order_by("position"):
        answer = answers.get(condition.pk)
        yield b.Condition(condition.title_zh, answer.applies if answer else None, answer.reason if answer else "")


def _findings(engagement: Engagement) -> QuerySet[Finding]:
    links = FindingLink.objects.select_related("result__workpaper").order_by("result__workpaper__position")
    findings: QuerySet[Finding] = Finding.objects.upheld().filter(engagement=engagement).order_by("number")
    return with_releases(findings.prefetch_related(Prefetch("links", links)))


def _indexes(finding: Finding) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link.result.workpaper.index for link in finding.links.all()))


def _finding(finding: Finding) -> b.Finding:
    response = asked_of(finding).response
    return b.Finding(
        number=finding.label,
        title=finding.title,
        points=_indexes(finding),
        condition=finding.condition,
        criterion=finding.criterion,
        severity=finding.get_severity_display(),
        category=finding.get_type_display(),
        risk=finding.risk,
        recommendation=finding.recommendation,
        response=_said(response) if response else "",
        owner=response.owner if response else "",
        due=response.due_on if response else None,
    )


def _said(response: ManagementResponse) -> str:
    """What management answered, as it is printed; with its source where the team recorded it."""
    if response.kind == ManagementResponse.Kind.OVERDUE:
        return wording.NO_ANSWER
    declined = response.kind == ManagementResponse.Kind.REFUSED
    said = wording.DECLINED.format(reason=response.text) if declined else response.text
    return wording.RECORDED.format(said=said, source=response.source) if response.source else said


def _follow_ups(engagement: Engagement) -> Iterator[b.FollowUp]:
    """What earlier reports found, and where it stands as the team assessed it."""
    rows = FollowUp.objects.filter(engagement=engagement).select_related("prior__engagement", "repeat")
    for row in rows.order_by("number"):
        status = str(row.get_status_display()) if row.is_assessed else wording.NOT_YET_KNOWN
        yield b.FollowUp(row.origin, row.title, status, _remark(row))


def _remark(row: FollowUp) -> str:
    """What was done to find out, what had been promised, and under which number it was found again."""
    promised = f"前期管理階層回應：{row.promised}" if row.promised else ""
    again = f"本期仍列為缺失 {row.repeat.label}" if row.repeat else ""
    return "\n".join(filter(None, (row.work, promised, again)))


def _evidence(piece: Evidence) -> b.EvidenceItem:
    kinds = dict(ExpectedDocument.Kind.choices)
    kind = str(kinds.get(piece.request.kind, piece.request.kind)) if piece.request else wording.WITHOUT_REQUEST
    return b.EvidenceItem(
        number=piece.label,
        kind=kind,
        name=piece.title,
        sha256=piece.file.sha256,
        since=piece.covered_from,
        until=piece.covered_to,
        time=b.Time(piece.nature) if piece.nature else None,
        days=tuple(piece.days),
    )


def _criteria(engagement: Engagement) -> Iterator[b.Criterion]:
    instruments = InstrumentVersion.objects.filter(version=engagement.catalogue_id).select_related("instrument")
    for version in instruments.annotate(line_count=Count("lines")).order_by("pk"):
        issuer = wording.ISSUERS.get(version.instrument.issuer, version.instrument.issuer)
        yield b.Criterion(version.instrument.name_zh, issuer, version.line_count, papers.standing_note(version))


def _trail_head(engagement: Engagement, evidence: list[Evidence]) -> b.TrailHead:
    chain = Chain.objects.get(key=engagement.chain)
    return b.TrailHead(engagement.chain, chain.seq, bytes(chain.head).hex(), manifest_root(evidence))
