"""Reading the catalogue: the tree, one control point with everything, and what surrounds it."""

import pytest

from controls.models import ControlPoint
from controls.queries import Figures, figures, neighbours, point_with_everything, shared_documents, tree

pytestmark = pytest.mark.django_db


def test_the_tree_holds_every_control_point_in_printed_order(version, shipped):
    points = [point for chapter in tree(version) for point in chapter.points]
    assert [point.code for point in points] == [row["code"] for row in shipped["control_points"]]
    assert sum(point.procedure_count for point in points) == 230


def test_chapters_1_and_2_stand_as_one_area_each(version):
    assert [len(chapter.areas) for chapter in tree(version)] == [1, 1, 20]
    first = tree(version)[0].areas[0]
    assert (first.key, first.id, first.number, first.title) == ("1", None, None, "組織與人員管理")


def test_an_area_of_chapter_3_has_its_number_and_key(version):
    area = tree(version)[2].areas[7]
    assert (area.key, area.number, area.title) == ("3.8", 8, "系統平台維運之安全管理")
    assert [point.short_code for point in area.points] == ["8.1", "8.2", "8.3", "8.4", "8.5", "8.6"]


def test_a_control_point_of_the_tree_can_be_linked_and_shown(version):
    point = tree(version)[0].areas[0].points[0]
    assert (point.code, point.index, point.short_code, point.title) == ("1.1", "C-1.1", "1.1", "資安主管與專責人員")
    assert ControlPoint.objects.get(pk=point.id).code == "1.1"


def test_the_tree_speaks_english(version, english):
    assert [chapter.title for chapter in tree(version)] == [
        "Organisation and personnel",
        "Customer registration, contracts and identity verification",
        "Information and communication security",
    ]


def test_the_tree_takes_one_query(version, django_assert_num_queries):
    with django_assert_num_queries(1):
        tree(version)


def test_a_control_point_comes_with_everything(version, django_assert_num_queries):
    point = point_with_everything(version, "3.8.2")
    with django_assert_num_queries(0):
        assert [line.repealed_on and line.instrument_version.since_roc for line in point.references.all()] == [
            None,
            "112/04/25",
            None,
        ]
        assert [str(line.instrument_version.instrument)[:2] for line in point.references.all()] == [
            "證券",
            "電子",
            "建立",
        ]
        assert [len(line.citations.all()) for line in point.references.all()] == [1, 1, 1]
        procedure = point.procedures.all()[2]
        assert procedure.index == "3.8.2/P3"
        assert [duty.expected_count for duty in procedure.frequency_rules.all()] == [2]
        reports = [document for document in procedure.documents.all() if document.occurrence_of]
        assert [(report.name, report.occurrence_of.what) for report in reports] == [("弱點掃描報告", "弱點掃描")]
        assert point.applicability is None
        assert (point.version.key, point.chapter.number, point.area.number) == ("tpex-sto", 3, 8)


def test_every_control_point_takes_the_same_number_of_queries(version, django_assert_num_queries):
    for code in version.points.values_list("code", flat=True):
        with django_assert_num_queries(12):
            point_with_everything(version, code)


def test_an_unknown_code_does_not_exist(version):
    with pytest.raises(ControlPoint.DoesNotExist):
        point_with_everything(version, "9.9")


def test_figures_count_the_whole_version(version):
    assert figures(version) == Figures(points=69, procedures=230, references=155, repealed=39, documents=351)


def test_a_shared_document_names_the_procedures_of_other_control_points(version):
    shared = shared_documents(point_with_everything(version, "3.7.4.5"))
    assert [(document.title, document.procedures) for document in shared] == [
        ("程式變更及上線清單（版控／換版系統匯出，含智能合約）", ("3.7.1/P3", "3.7.2/P4"))
    ]


def test_scan_reports_of_the_same_name_are_not_shared(version):
    assert shared_documents(point_with_everything(version, "3.14.5"))[0].title == "委外契約（依清單選取）"
    assert len(shared_documents(point_with_everything(version, "3.14.5"))) == 1


def test_a_control_point_without_shared_documents_has_none(version):
    assert shared_documents(point_with_everything(version, "3.9.1")) == []


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [("1.1", None, "1.2"), ("2.1.1", "1.2", "2.1.2"), ("3.20", "3.19", None)],
)
def test_neighbours_are_those_printed_before_and_after(version, code, before, after):
    near = neighbours(version.points.get(code=code))
    assert (near.previous and near.previous.code, near.next and near.next.code) == (before, after)
