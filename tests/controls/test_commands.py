"""`load_catalogue` and `export_catalogue` as an operator meets them."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from controls.models import CatalogueVersion, ControlPoint
from foundation.trail.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TITLE = "Principles for CPAs' assessment reports on information systems and security controls"


def run(*arguments):
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


# Loading --------------------------------------------------------------------------------------


def test_loading_again_says_so():
    assert run("load_catalogue") == f"{TITLE}: already loaded, unchanged.\n"


def test_loading_a_new_file_says_so(tmp_path, catalogue, sealed):
    file = tmp_path / "new.json"
    file.write_bytes(sealed(catalogue))
    assert run("load_catalogue", file) == f"{TITLE}: loaded and published.\n"
    assert CatalogueVersion.objects.current().key == "another"


def test_a_refused_file_is_named_with_every_reason(tmp_path, catalogue, row, sealed):
    file = tmp_path / "spoilt.json"
    row("3.5")["conditions"][0]["items"] = [6, 7]
    file.write_bytes(sealed(catalogue))
    events = Event.objects.count()
    with pytest.raises(CommandError) as error:
        run("load_catalogue", file)
    assert str(error.value) == (
        f"{file} was refused, nothing was written:\n"
        "- control point 3.5: unknown procedure 6\n"
        "- control point 3.5: unknown procedure 7"
    )
    assert error.value.returncode == 1
    assert Event.objects.count() == events


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"none\.json can't be read: No such file or directory\.$"):
        run("load_catalogue", tmp_path / "none.json")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(CommandError, match="can't be read: Is a directory"):
        run("load_catalogue", tmp_path)


# Exporting ------------------------------------------------------------------------------------


def test_the_export_is_the_regulators_text_of_the_file(version, shipped):
    assert json.loads(run("export_catalogue", "--format", "json")) == {
        "format": "digao.catalogue-text/1",
        "key": "tpex-sto",
        "title": shipped["title_zh"],
        "issuer": shipped["issuer_zh"],
        "edition": shipped["edition_zh"],
        "sha256": version.sha256,
        "control_points": [
            {
                "code": row["code"],
                "chapter": row["chapter"],
                "area": row["area"],
                "control_text": row["control_text"],
                "references": [reference["raw"] for reference in row["references"]],
                "procedure_preamble": row["procedure_preamble"],
                "procedures": [
                    {name: procedure[name] for name in ("no", "label", "text", "steps")}
                    for procedure in row["procedures"]
                ],
            }
            for row in shipped["control_points"]
        ],
    }


def test_the_export_into_a_file_is_the_same(tmp_path):
    file = tmp_path / "text.json"
    assert run("export_catalogue", "--format", "json", "--output", file) == ""
    assert file.read_text("utf-8") == run("export_catalogue")


def test_chinese_is_exported_as_it_reads():
    assert ControlPoint.objects.get(code="1.2").control_text in run("export_catalogue")


def test_a_catalogue_is_exported_by_its_key(tmp_path, catalogue, sealed):
    file = tmp_path / "new.json"
    file.write_bytes(sealed(catalogue))
    run("load_catalogue", file)
    assert json.loads(run("export_catalogue"))["key"] == "another"
    assert json.loads(run("export_catalogue", "--catalogue", "tpex-sto"))["key"] == "tpex-sto"


def test_an_unknown_catalogue_is_refused():
    with pytest.raises(CommandError, match="No such catalogue is loaded"):
        run("export_catalogue", "--catalogue", "none")


def test_another_format_is_refused():
    with pytest.raises(CommandError, match="invalid choice: 'xml'"):
        run("export_catalogue", "--format", "xml")


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"can't be written: No such file or directory\.$"):
        run("export_catalogue", "--output", tmp_path / "none" / "text.json")


def test_the_export_asks_the_database_as_often_for_one_point_as_for_all(django_assert_num_queries):
    # The version, its points, their references, their procedures.
    with django_assert_num_queries(4):
        run("export_catalogue")
