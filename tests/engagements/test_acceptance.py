"""What an engagement is accepted on: each declares in person, the letter is a sound PDF, the partner decides."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from engagements.accepted import Accepted
from engagements.accepting import accept, declare, declare_for_firm, record_letter
from engagements.actions import leave_team
from engagements.models import Acceptance, Declaration, Engagement, EngagementLetter, TeamMember
from foundation.files.models import StoredFile
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from tests import beginnings
from tests.uploads import PDF, pdf, text, uploaded

NONE = {"threats": "", "safeguards": ""}
HTMX = {"headers": {"HX-Request": "true"}}
ENGLISH = {"headers": {"Accept-Language": "en"}}


def url(engagement, page: str = "") -> str:
    return f"/engagements/{engagement.pk}/acceptance/{page}"


def events(engagement, name: str) -> int:
    return Event.objects.filter(chain__key=engagement.chain, name=name).count()


def recorded(engagement, file=None, *, by, **more) -> EngagementLetter:
    upload = uploaded(file or pdf("委任書.pdf"), to=engagement, by=by)
    return record_letter(engagement, upload, **{"dated_on": date(2026, 1, 5), "has_clause": True, **more}, by=by)


# Declarations --------------------------------------------------------------------------------


def test_somebody_declares_for_themselves_and_the_trail_tells_of_it(engagement, preparer):
    row = declare(engagement, **NONE, competence=" CISA ", by=preparer)
    assert (row.declared_by, row.competence, row.is_enough) == (preparer, "CISA", True)
    assert events(engagement, "declaration.made") == 1


def test_the_latest_declaration_of_each_counts_and_the_earlier_stays(engagement, preparer):
    declare(engagement, threats="持有受查者股票", safeguards="", competence="CISA", by=preparer)
    declare(engagement, threats="持有受查者股票", safeguards="已處分", competence="CISA", by=preparer)
    member = next(each for each in Accepted(engagement).members if each.member.user == preparer)
    assert (member.declaration.is_enough, Declaration.objects.count()) == (True, 2)


def test_a_threat_without_safeguard_is_recorded_and_is_not_enough(engagement, preparer):
    assert not declare(engagement, threats="配偶任職受查者", safeguards=" ", competence="CISA", by=preparer).is_enough


def test_nobody_declares_without_saying_what_qualifies_them(engagement, preparer):
    with pytest.raises(Refused):
        declare(engagement, **NONE, competence=" ", by=preparer)
    assert not Declaration.objects.exists()


def test_who_left_the_team_declares_nothing(engagement, preparer, partner):
    leave_team(TeamMember.objects.get(engagement=engagement, user=preparer), by=partner)
    with pytest.raises(Refused):
        declare(engagement, **NONE, competence="CISA", by=preparer)


def test_the_firms_declaration_is_apart_from_the_partners_own(engagement, partner):
    declare_for_firm(engagement, threats="財務報表查核", safeguards="不同團隊", by=partner)
    known = Accepted(engagement)
    assert known.firm.threats == "財務報表查核"
    assert {each.declaration for each in known.members} == {None}


def test_a_declaration_is_never_altered(engagement, preparer):
    row = declare(engagement, **NONE, competence="CISA", by=preparer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.filter(pk=row.pk).update(threats="無")


# The engagement letter -----------------------------------------------------------------------


def test_a_letter_replaces_the_one_before_which_stays(engagement, reviewer):
    first = recorded(engagement, by=reviewer, has_clause=False)
    second = recorded(engagement, pdf("委任書2.pdf", b"2"), by=reviewer)
    known = Accepted(engagement)
    assert (known.letter, known.letters) == (second, [second, first])


@pytest.mark.parametrize(
    "file",
    [text("委任書.txt"), SimpleUploadedFile("委任書.pdf", b"MZ\x90\x00" + b"\0" * 60), pdf("委任書.docx")],
    ids=["text", "program", "misnamed"],
)
def test_only_a_sound_pdf_is_taken_and_nothing_else_stays(engagement, reviewer, file):
    with pytest.raises(Refused):
        recorded(engagement, file, by=reviewer)
    assert (EngagementLetter.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_letter_is_not_dated_in_the_future(engagement, reviewer):
    with pytest.raises(Refused):
        recorded(engagement, by=reviewer, dated_on=timezone.localdate() + timedelta(days=1))


# The decision --------------------------------------------------------------------------------


def accepted(engagement, *, by, **more) -> Acceptance:
    said = {"form": "direct", "criteria": "攸關、完整。", "rationale": "誠信無虞。", **more}
    return accept(engagement, **said, by=by)


def test_the_partner_accepts_in_a_form_with_reasons(engagement, partner):
    row = accepted(engagement, form="attestation", by=partner)
    assert (Accepted(engagement).acceptance, row.get_form_display()) == (row, Acceptance.Form.ATTESTATION.label)
    assert events(engagement, "engagement.accepted") == 1


@pytest.mark.parametrize("missing", [{"form": "agreed-upon"}, {"criteria": " "}, {"rationale": ""}])
def test_a_decision_without_form_criteria_or_reasons_is_refused(engagement, partner, missing):
    with pytest.raises(Refused):
        accepted(engagement, by=partner, **missing)
    assert not Acceptance.objects.exists()


def test_in_acceptance_the_partner_may_decide_anew(engagement, partner):
    accepted(engagement, by=partner)
    assert Accepted(engagement).acceptance != accepted(engagement, form="attestation", by=partner)
    assert Accepted(engagement).acceptance.form == "attestation"


def test_after_acceptance_a_decision_that_holds_is_not_taken_again(planned, partner):
    with pytest.raises(Refused):
        accepted(planned, by=partner)


# The page ------------------------------------------------------------------------------------


def test_the_page_offers_what_qualifies_the_reader(sign_in, engagement, preparer):
    preparer.certificate = "國際電腦稽核師"
    preparer.save()
    assert "國際電腦稽核師</textarea>" in sign_in(preparer).get(url(engagement)).content.decode()


def test_a_declaration_sent_from_the_page_is_the_senders_own(sign_in, engagement, preparer):
    answer = sign_in(preparer).post(url(engagement, "declaration/"), {"are_there": "no", "competence": "CISA"})
    assert (answer.status_code, Declaration.objects.get().declared_by) == (302, preparer)


@pytest.mark.parametrize("typed", [{"competence": "CISA"}, {"are_there": "yes", "competence": "CISA"}])
def test_an_incomplete_declaration_is_refused_at_the_field_and_kept(sign_in, engagement, preparer, typed):
    answer = sign_in(preparer).post(url(engagement, "declaration/"), typed)
    assert (answer.status_code, Declaration.objects.exists()) == (422, False)
    assert "CISA</textarea>" in answer.content.decode()
    assert "errorlist" in answer.content.decode()


def test_only_the_partner_declares_for_the_firm_and_accepts(sign_in, engagement, reviewer):
    client = sign_in(reviewer)
    assert [client.post(url(engagement, page)).status_code for page in ("firm/", "decision/")] == [403, 403]


def test_the_partners_decision_is_sent_from_the_page(sign_in, engagement, partner):
    typed = {"form": "attestation", "criteria": "攸關", "rationale": "誠信無虞"}
    assert sign_in(partner).post(url(engagement, "decision/"), typed).status_code == 302
    assert Acceptance.objects.get().form == "attestation"


def test_a_decision_without_reasons_keeps_what_was_typed(sign_in, engagement, partner):
    answer = sign_in(partner).post(url(engagement, "decision/"), {"form": "direct", "criteria": "攸關且完整"})
    assert (answer.status_code, "攸關且完整</textarea>" in answer.content.decode()) == (422, True)
    assert not Acceptance.objects.exists()


def test_the_letter_is_recorded_from_the_page_and_can_be_fetched(sign_in, engagement, reviewer):
    client, upload = sign_in(reviewer), uploaded(pdf("委任書.pdf"), to=engagement, by=reviewer)
    typed = {"uploads": str(upload.pk), "dated_on": "115/01/05", "has_clause": "on"}
    assert client.post(url(engagement, "letter/"), typed, **HTMX).headers["HX-Redirect"] == url(engagement)
    letter = EngagementLetter.objects.get()
    answer = client.get(url(engagement, f"letters/{letter.pk}/file/"))
    assert (b"".join(answer.streaming_content), events(engagement, "terms.downloaded")) == (PDF, 1)


def test_a_letter_without_file_or_date_is_refused_at_the_fields(sign_in, engagement, reviewer):
    answer = sign_in(reviewer).post(url(engagement, "letter/"), {}, **HTMX)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"uploads", "dated_on"})


def test_another_engagements_letter_is_not_found_here(sign_in, engagement, fieldwork, partner):
    beginnings.lettered(fieldwork, partner=partner)
    letter = EngagementLetter.objects.get(engagement=fieldwork)
    other = Engagement.objects.create(
        firm=engagement.firm,
        auditee=engagement.auditee,
        filed_with=engagement.filed_with,
        kind="establishment",
        as_of=date(2026, 5, 1),
        deadline=date(2026, 8, 1),
        catalogue=engagement.catalogue,
    )
    TeamMember.objects.create(engagement=other, user=partner, role="partner")
    assert sign_in(partner).get(url(other, f"letters/{letter.pk}/file/")).status_code == 404


def test_the_page_costs_the_same_however_many_declared(
    sign_in, engagement, preparer, partner, django_assert_max_num_queries
):
    client = sign_in(partner)
    client.get(url(engagement))
    with django_assert_max_num_queries(16) as few:
        client.get(url(engagement))
    for person in (preparer, partner, preparer, partner):
        declare(engagement, **NONE, competence="CISA", by=person)
    recorded(engagement, by=partner)
    with django_assert_max_num_queries(len(few)):
        client.get(url(engagement))
