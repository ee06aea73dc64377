"""How rows of the catalogue speak, and that the database keeps them."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from controls.models import (
    Area,
    CatalogueVersion,
    Chapter,
    Citation,
    Condition,
    ConditionRule,
    ControlPoint,
    ExpectedDocument,
    FrequencyRule,
    Instrument,
    InstrumentVersion,
    Procedure,
    ReferenceLine,
    Threshold,
)

pytestmark = pytest.mark.django_db


def draft(**fields):
    names = ("title_zh", "title_en", "issuer_zh", "issuer_en", "edition_zh", "edition_en")
    return CatalogueVersion.objects.create(**({name: name for name in names} | {"key": "draft"} | fields))


@pytest.mark.parametrize(
    ("model", "lookup", "zh", "en"),
    [
        (CatalogueVersion, {"key": "tpex-sto"}, "會計師出具資訊系統及安全控管作業評估報告原則性規範", "Principles for"),
        (Chapter, {"number": 1}, "組織與人員管理", "Organisation and personnel"),
        (Area, {"number": 6}, "金鑰管理", "Key management"),
        (ControlPoint, {"code": "3.8.2"}, "弱點掃描", "Vulnerability"),
        (Condition, {"key": "cloud"}, "使用雲端服務", "Cloud services used"),
    ],
)
def test_a_title_is_in_the_readers_language(model, lookup, zh, en):
    titled = model.objects.get(**lookup)
    assert titled.title == zh
    with translation.override("en"):
        assert titled.title.startswith(en)


def test_an_instruments_name_is_in_the_readers_language():
    instrument = Instrument.objects.get(key="PDPA")
    assert str(instrument) == "個人資料保護法"
    with translation.override("en"):
        assert str(instrument) == "Personal Data Protection Act"


def test_issuer_and_edition_are_in_the_readers_language(version):
    assert (version.issuer, version.edition) == ("財團法人中華民國證券櫃檯買賣中心", "公布文字（未載日期）")
    with translation.override("en"):
        assert (version.issuer, version.edition) == ("Taipei Exchange", "as published (undated)")


def test_without_an_english_wording_the_chinese_one_is_shown():
    with translation.override("en"):
        assert Chapter(title_zh="章", title_en="").title == "章"


def test_rows_say_what_they_are(english):
    texts = {
        str(ControlPoint.objects.get(code="1.2")),
        str(Citation.objects.filter(line__point__code="1.1").first()),
        str(Citation.objects.filter(line__point__code="1.1").last()),
        str(ConditionRule.objects.get(point__code="3.7.4.3")),
        str(FrequencyRule.objects.get(point__code="3.4")),
        str(Threshold.objects.get(what="certificates_held")),
        str(Threshold.objects.get(what="session_timeout")),
        str(InstrumentVersion.objects.get(instrument__key="EPI_ISSTD")).rpartition(" ")[2],
    }
    assert texts == {
        "1.2 Security certifications",
        "證券商經營自行買賣具證券性質之虛擬通貨業務管理辦法第9條",
        "證券商經營自行買賣具證券性質之虛擬通貨業務內部控制制度標準規範二、(三)、5",
        "3.7.4.3: QR code or scanning used",
        "資訊安全查核作業 (every quarter)",
        "at least 2 張",
        "as the broker sets it  分鐘",
        "(repealed)",
    }


def test_methods_and_natures_are_shown_in_words(english):
    procedure = Procedure.objects.get(point__code="2.1.2", no=2)
    assert procedure.method_labels == ["inspect", "verify"]
    assert procedure.implied_method_labels == ["reperform"]
    assert procedure.nature_labels == ["design", "implementation", "operating"]


def test_neither_the_auditors_own_test_nor_a_look_on_site_is_requested(version):
    documents = ExpectedDocument.objects.of(version)
    kinds = [document.kind for document in documents.exclude(pk__in=documents.requested())]
    assert set(kinds) == {"auditor_test", "onsite"}
    assert len(kinds) == 5


# Which version counts ---------------------------------------------------------------------------


def test_the_current_version_is_the_one_published_last(version):
    later = draft(status="published", published_at=timezone.now())
    assert CatalogueVersion.objects.current() == later


def test_a_draft_is_not_current(version):
    draft()
    assert CatalogueVersion.objects.current() == version


# What the database refuses ------------------------------------------------------------------------


@pytest.mark.parametrize("model", [ControlPoint, ReferenceLine, Procedure, ExpectedDocument, Condition, FrequencyRule])
def test_the_database_refuses_to_delete_what_is_loaded(model):
    everything = model.objects.order_by()
    with pytest.raises(IntegrityError), transaction.atomic():
        everything._raw_delete(everything.db)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (CatalogueVersion, {"sha256": ""}),
        (ControlPoint, {"control_text": "改"}),
        (ReferenceLine, {"printed": "改"}),
        (Procedure, {"text": "改"}),
        (InstrumentVersion, {"document": "改"}),
    ],
)
def test_the_database_refuses_to_change_what_is_published(model, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**change)


def test_a_draft_may_still_be_changed():
    draft()
    assert CatalogueVersion.objects.filter(key="draft").update(title_en="better") == 1


def test_a_published_version_has_its_time():
    with pytest.raises(IntegrityError), transaction.atomic():
        draft(status="published")


def test_two_control_points_of_a_version_have_different_codes(version):
    twin = ControlPoint.objects.get(code="1.1")
    twin.pk, twin.position = None, 70
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_one_rule_at_most_switches_a_row():
    rule = ConditionRule.objects.get(point__code="3.7.4.3")
    rule.pk, rule.position = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        rule.save(force_insert=True)


def test_a_citation_is_of_an_article_or_of_a_point(version):
    line = ReferenceLine.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.create(line=line, position=9, article="1", point="一")
