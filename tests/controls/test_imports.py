"""Loading a catalogue: all or nothing, once, and never over what is published."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from controls.imports import load
from controls.models import CatalogueVersion, ControlPoint, Instrument, Procedure
from foundation.trail.models import Event
from foundation.web.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def row_counts():
    models = [*apps.get_app_config("controls").get_models(include_auto_created=True), Event]
    return {model.__name__: model.objects.count() for model in models}


@pytest.fixture
def refused():
    """Expect a refusal that writes nothing; return its reasons."""

    def attempt(content):
        before = row_counts()
        with pytest.raises(Refused) as refusal:
            load(content, by=None)
        assert row_counts() == before
        return refusal.value.reasons

    return attempt


# Once -----------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(version, shipped_bytes):
    before = row_counts()
    loaded = load(shipped_bytes, by=None)
    assert (loaded.version, loaded.is_new) == (version, False)
    assert row_counts() == before


def test_another_layout_of_the_same_content_changes_nothing(shipped_bytes):
    assert not load(json.dumps(json.loads(shipped_bytes)).encode(), by=None).is_new


def test_a_new_catalogue_stands_beside_the_old_one(version, catalogue, row, sealed):
    row("3.8.2")["control_text"] += "。"
    loaded = load(sealed(catalogue), by=None)
    assert loaded.is_new
    assert CatalogueVersion.objects.current() == loaded.version
    old, new = ControlPoint.objects.filter(code="3.8.2").order_by("version").values_list("control_text", flat=True)
    assert new == f"{old}。"
    assert Procedure.objects.of(version).count() == Procedure.objects.of(loaded.version).count() == 230


def test_two_catalogues_share_their_instruments(catalogue, sealed):
    load(sealed(catalogue), by=None)
    assert Instrument.objects.count() == 12


def test_loading_publishes(catalogue, sealed):
    version = load(sealed(catalogue), by=None).version
    version.refresh_from_db()
    assert version.status == "published"
    assert timezone.now() - version.published_at < timedelta(minutes=1)


def test_loading_is_told_in_the_trail(catalogue, sealed, partner):
    version = load(sealed(catalogue), by=partner).version
    event = Event.objects.latest("pk")
    assert (event.chain.key, event.name, event.actor) == ("catalogue", "catalogue.published", str(partner.pk))
    assert event.object_id == str(version.pk)
    assert event.content["facts"] == {"sha256": version.sha256, "counts": catalogue["counts"]}


# Or not at all ----------------------------------------------------------------------------------


def test_a_published_catalogue_is_not_overwritten(refused, catalogue, row, sealed, version):
    catalogue["key"] = "tpex-sto"
    row("3.8.2")["control_text"] += "。"
    content = sealed(catalogue)
    new = json.loads(content)["sha256"][:12]
    [reason] = refused(content)
    assert reason.startswith(f"“tpex-sto” is published with other content ({version.sha256[:12]}, this file: {new}).")


def test_an_instrument_keeps_its_name(refused, catalogue, sealed):
    catalogue["instruments"][8]["name_zh"] = "電腦處理個人資料保護法"
    assert refused(sealed(catalogue)) == [
        "instrument PDPA has another name or issuer in a published catalogue: 個人資料保護法"
    ]


def test_a_cut_file_writes_nothing(refused, shipped_bytes):
    assert len(refused(shipped_bytes[: len(shipped_bytes) // 2])) == 1


def test_an_altered_file_writes_nothing(refused, sealed, catalogue):
    assert "checksum" in refused(sealed(catalogue).replace("弱點".encode(), "優點".encode()))[0]


def test_big5_writes_nothing(refused, shipped_bytes):
    assert "Big5" in refused(shipped_bytes.decode().encode("big5", errors="replace"))[0]


def test_a_foreign_fixture_writes_nothing(refused):
    assert refused(b'[{"model": "accounts.user", "pk": 1, "fields": {}}]')


def test_a_contradiction_writes_nothing(refused, catalogue, row, sealed):
    row("3.5")["conditions"][0]["items"] = [6]
    assert refused(sealed(catalogue)) == ["control point 3.5: unknown procedure 6"]


def test_all_reasons_are_given_up_to_twenty(refused, catalogue, sealed):
    for row in catalogue["control_points"]:
        del row["control_text"]
    reasons = refused(sealed(catalogue))
    assert len(reasons) == 21
    assert reasons[-1] == "… and 49 more."


def test_a_failure_half_way_leaves_nothing(catalogue, sealed, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ConnectionError

    monkeypatch.setattr("controls.imports.record", fail)
    before = row_counts()
    with pytest.raises(ConnectionError):
        load(sealed(catalogue), by=None)
    assert row_counts() == before
