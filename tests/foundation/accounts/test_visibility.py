"""Fetching is authorising: what a person may be shown is asked of `visible_to`, or is part of what was asked so."""

from django.apps import apps

OURS = ("accounts", "files", "jobs", "trail", "engagements", "procedures", "evidence", "findings", "signoff", "reports")

# What is never fetched by itself → through what it is reached.
PARTS = {
    "accounts.Recovery": "accounts.User",
    "engagements.TeamMember": "engagements.Engagement",
    "engagements.ProfileAnswer": "engagements.Engagement",
    "engagements.Note": "engagements.Engagement",
    "engagements.Review": "engagements.Engagement",
    "engagements.Declaration": "engagements.Engagement",
    "engagements.EngagementLetter": "engagements.Engagement",
    "engagements.Acceptance": "engagements.Engagement",
    "engagements.AreaRisk": "engagements.Engagement",
    "engagements.PlanApproval": "engagements.Engagement",
    "findings.FindingRelease": "findings.Finding",
    "findings.ManagementResponse": "findings.FindingRelease",
    "signoff.Cosigner": "engagements.Engagement",
    "signoff.Reissue": "engagements.Engagement",
    "signoff.RepresentationLetter": "engagements.Engagement",
    "signoff.SignedRepresentation": "signoff.RepresentationLetter",
    "signoff.ReportRelease": "signoff.ReportVersion",
    "signoff.ReportReturn": "signoff.ReportVersion",
    "signoff.ReportWithdrawal": "signoff.ReportVersion",
    "signoff.ScannedReport": "signoff.ReportVersion",
    "procedures.DeclinedGap": "procedures.Workpaper",
    "procedures.Matrix": "procedures.ProcedureResult",
    "procedures.Occurrence": "procedures.Workpaper",
    "procedures.Presence": "procedures.Workpaper",
    "procedures.ReviewedPaper": "procedures.Workpaper",
    "procedures.StatedFrequency": "procedures.Workpaper",
    "procedures.Revision": "procedures.Workpaper",
    "procedures.SignOff": "procedures.Workpaper",
    "procedures.Support": "procedures.ProcedureResult",
    "evidence.Citation": "procedures.ProcedureResult",
    "evidence.EvidenceDecision": "evidence.Evidence",
    "evidence.Viewing": "evidence.Evidence",
    "findings.FindingLink": "findings.Finding",
    "files.StoredFile": "evidence.Evidence",  # and signoff.ReportVersion
    "jobs.Job": "signoff.ReportVersion",
    "signoff.Conclusion": "engagements.Engagement",
    "signoff.EngagementSignOff": "engagements.Engagement",
    "signoff.Signature": "signoff.ReportVersion",
    "reports.LetterEntries": "engagements.Engagement",
    "trail.Chain": "engagements.Engagement",  # and accounts.Organization
    "trail.Event": "trail.Chain",
}


def with_visibility() -> set[str]:
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return {model._meta.label for model in models if hasattr(model._default_manager, "visible_to")}


def test_every_model_says_whom_it_is_visible_to_or_is_part_of_one_that_does():
    models = {model._meta.label for label in OURS for model in apps.get_app_config(label).get_models()}
    assert models - with_visibility() == set(PARTS)


def test_a_part_s_whole_leads_to_one_that_does():
    def whole_of(label: str) -> str:
        return whole_of(PARTS[label]) if label in PARTS else label

    assert {whole_of(label) for label in PARTS} <= with_visibility()
