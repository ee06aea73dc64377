"""The PDF: everything in the binder is in it, and nothing in the binder can make it do anything."""

import gc
import hashlib
import io
import re
import subprocess
from dataclasses import replace

import pikepdf
import pytest

from reports import engine, pdf, readiness
from reports.binder import EvidenceItem
from reports.engine import RenderingFailed, print_html
from tests.reports.binders import annual, final, small, with_work

pytestmark = pytest.mark.usefixtures("shared_parts")
FONTS = {"Noto-Sans-CJK-TC", "Noto-Sans-CJK-TC-Bold", "Noto-Serif-CJK-TC", "Noto-Serif-CJK-TC-Bold"}


def text_of(content):
    """The text as a reader's program extracts it, without any white space."""
    answer = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return squeezed(re.sub(r"第\s*\d+\s*頁，共\s*\d+\s*頁", "", answer.stdout.decode()))


def squeezed(text):
    return "".join(text.split())


@pytest.fixture(scope="module")
def whole():
    """The full draft, laid out once for the tests that only read it."""
    stages = []
    rendering = pdf.render(annual(), stages.append)
    return rendering, stages


@pytest.fixture(scope="module")
def issued():
    return pdf.render(final())


@pytest.fixture(scope="module")
def issued_text(issued):
    return text_of(issued.content)


@pytest.fixture(scope="module")
def printed(whole):
    """All text, page furniture taken out so that sentences run on across pages."""
    text = text_of(whole[0].content)
    for furniture in ("誠信聯合會計師事務所大安證券股份有限公司", "項次執行程序執行情形及佐證結果"):
        text = text.replace(furniture, "")
    return text


def test_the_stages_are_told_in_order(whole):
    assert whole[1] == ["check", "compose", "layout", "write"]


def test_every_control_text_reference_and_procedure_is_printed(printed):
    missing = [
        piece
        for point in annual().points()
        for piece in (
            *point.text.splitlines(),
            *(reference.text for reference in point.references),
            *(procedure.text for procedure in point.procedures),
            *(step for procedure in point.procedures for step in procedure.steps),
        )
        if squeezed(piece) not in printed
    ]
    assert missing == []


def test_every_work_text_and_reason_is_printed(printed):
    procedures = [procedure for point in annual().points() for procedure in point.procedures]
    missing = [p.work for p in procedures for line in p.work.splitlines() if squeezed(line) not in printed]
    assert missing == []
    assert [p.reason for p in procedures if squeezed(p.reason) not in printed] == []


def test_a_final_report_keeps_names_and_hashes_of_evidence_to_the_file(printed, issued_text):
    name, digest = annual().evidence[0].name, annual().evidence[0].sha256
    assert digest in printed
    assert squeezed(name) in printed
    assert digest not in issued_text
    assert squeezed(name) not in issued_text
    assert "E-001" in issued_text


def test_a_draft_says_so_on_its_cover_and_a_final_report_does_not(printed, issued_text):
    assert "草稿僅供討論" in printed
    assert "草稿" not in issued_text


def test_pages_are_numbered_out_of_their_total(issued):
    answer = subprocess.run(["pdftotext", "-layout", "-", "-"], input=issued.content, capture_output=True, check=True)
    numbers = re.findall(r"第 (\d+) 頁，共 (\d+) 頁", answer.stdout.decode())
    assert numbers == [(str(page), str(issued.pages)) for page in range(2, issued.pages + 1)]


def test_contents_name_the_page_on_which_each_chapter_begins(issued):
    with pikepdf.open(io.BytesIO(issued.content)) as document:
        command = ["pdftotext", "-f", "2", "-l", "2", "-layout", "-", "-"]
        text = squeezed(subprocess.run(command, input=issued.content, capture_output=True, check=True).stdout.decode())
        with document.open_outline() as outline:
            chapters = {squeezed(item.title): item for item in outline.root}
        pages = {page.objgen: number for number, page in enumerate(document.pages, start=1)}
        findings = pages[chapters["第六章缺失及改善建議"].destination[0].objgen]
    assert f"第六章缺失及改善建議{findings}" in text


def pages_of(content):
    """The text of each page between its head and its foot."""
    command = ["pdftotext", "-y", "72", "-x", "0", "-W", "600", "-H", "700", "-raw", "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode().split("\f")


def test_no_page_begins_with_who_signed_a_paper(issued):
    assert [page for page in pages_of(issued.content) if re.match(r"\s*(編製|結論)", page)] == []


def test_each_control_point_s_table_begins_on_the_page_of_its_text(issued):
    heads = [page.split("相關規定／參酌來源")[-1] for page in pages_of(issued.content) if "相關規定／參酌來源" in page]
    assert [head for head in heads if "項次 執行程序" not in head and "名稱 訂定機關" not in head] == []


def test_where_nothing_was_added_or_left_the_summary_takes_one_page(issued):
    summaries = [page for page in pages_of(issued.content) if "各章及各領域結果" in page]
    assert ["未追加執行程序。未記錄偏離。" in squeezed(page) and "合計" in page for page in summaries] == [True]


def test_no_lonely_row_of_a_finding_stands_on_a_page():
    findings = tuple(replace(annual().findings[n % 3], risk="有風險。\n" * (n % 7 + 1)) for n in range(30))
    pages = pages_of(pdf.render(small(findings=findings)).content)
    for first, last in (("嚴重程度／類別", "實際情況"), ("具體改善建議", "負責單位及期限")):
        assert [page for page in pages if page.count(first) != page.count(last)] == []


def test_bookmarks_lead_to_chapters_areas_and_papers(issued):
    with pikepdf.open(io.BytesIO(issued.content)) as document, document.open_outline() as outline:
        details = next(item for item in outline.root if "第五章" in item.title)
        chapter = next(item for item in details.children if "資通安全作業" in item.title)
        assert [len(details.children), len(chapter.children)] == [3, 20]
        assert squeezed(chapter.children[0].children[0].title) == "C-3.1資安法規盤點"


def test_it_is_an_archivable_pdf_with_its_typefaces_embedded(issued):
    with pikepdf.open(io.BytesIO(issued.content)) as document:
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        fonts = {str(f.BaseFont).split("+")[1] for page in document.pages for f in page.Resources.Font.values()}
        assert fonts == FONTS
        assert document.docinfo["/Title"] == "大安證券股份有限公司　資訊系統及安全控管作業評估報告"


def test_it_is_tagged_from_headings_to_cells(issued):
    with pikepdf.open(io.BytesIO(issued.content)) as document:
        assert document.Root.MarkInfo.Marked
        kinds = {str(item.S) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item}
        assert {"/H1", "/H2", "/H3", "/H4", "/P", "/Table", "/TR", "/TH", "/TD"} <= kinds


def test_the_file_is_sound(issued, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(issued.content)
    assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False).returncode == 0


def test_the_trail_head_is_on_the_last_page(issued):
    answer = subprocess.run(
        ["pdftotext", "-f", str(issued.pages), "-", "-"], input=issued.content, capture_output=True, check=True
    )
    text = squeezed(answer.stdout.decode())
    assert final().trail.head in text
    assert final().trail.manifest in text
    assert final().digest() in text


def test_the_trail_head_and_the_evidence_s_root_are_in_the_metadata_as_verify_trail_takes_them(issued):
    trail = final().trail
    anchors = f"{trail.chain}@{trail.sequence}={trail.head}, evidence={trail.manifest}"
    with pikepdf.open(io.BytesIO(issued.content)) as document:
        assert document.open_metadata()["pdf:Keywords"] == anchors
        assert document.docinfo["/Keywords"] == anchors


def test_the_same_binder_gives_the_same_bytes(settings, tmp_path):
    digests = set()
    for folder in ("one", "another"):
        settings.FRAGMENT_ROOT = tmp_path / folder
        digests.add(hashlib.sha256(pdf.render(small()).content).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>",
    '<img src="file:///etc/passwd">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '</td></tr></table><table><tr><td colspan="100000">x</td></tr></table>',
    "{{ binder.draft }}{% include 'base.html' %}",
    "<style>body { display: none }</style>",
    "<svg><image href='http://localhost/'/></svg><math><mi>x</mi></math>",
    "&lt;b&gt; &amp; <!-- x --> ]]> \\ %s %(name)s",
    "{受查者}〔選用：直接案件〕**x**",
])  # fmt: skip
def test_markup_and_template_code_in_a_text_are_printed_as_typed(text):
    rendering = pdf.render(with_work(text))
    assert squeezed(text) in text_of(rendering.content)
    with pikepdf.open(io.BytesIO(rendering.content)) as document:
        assert list(document.attachments) == []


@pytest.mark.parametrize("field", ["number", "criteria_version"])
def test_markup_in_other_places_is_printed_as_typed_too(field):
    assert "<b>x</b>" in text_of(pdf.render(small(**{field: "<b>x</b>"})).content)


def right_edges(content):
    """The largest x coordinate of text on each page, in points."""
    boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True)
    return max(float(edge) for edge in re.findall(r'xMax="([\d.]+)"', boxes.stdout.decode()))


A4_WIDTH = 210 / 25.4 * 72


@pytest.mark.parametrize("word", ["a" * 900, "https://" + "x/" * 400, "長" * 900, "—" * 400])
def test_a_very_long_word_wraps_inside_the_page(word):
    content = pdf.render(with_work(word)).content
    assert word in text_of(content)
    assert right_edges(content) < A4_WIDTH - 60


def test_a_hash_of_64_characters_wraps_inside_the_page():
    evidence = (EvidenceItem("E-001", "紀錄", "x", "f" * 64),)
    content = pdf.render(small(evidence=evidence)).content
    assert "f" * 64 in text_of(content)
    assert right_edges(content) < A4_WIDTH - 60


def test_a_text_of_many_pages_is_printed_to_its_end():
    content = pdf.render(with_work("檢查紀錄。\n" * 1_500 + "最後一行")).content
    assert text_of(content).count("檢查紀錄。") == 1_500


def test_an_unfilled_placeholder_shows_in_a_draft_and_stops_a_final_report():
    assert "〔未填：核准文號〕" in text_of(pdf.render(small(letter_values=())).content)
    with pytest.raises(readiness.NotReady, match="核准文號"):
        pdf.render(small(letter_values=(), draft=False))


def test_a_draft_without_a_conclusion_is_printed_without_a_letter():
    assert "會計師報告書尚無法產生：尚未作成" in text_of(pdf.render(small(conclusion=None)).content)


def test_a_character_without_a_glyph_shows_its_code_point_in_a_draft():
    assert "完成〔U+1F600〕。" in text_of(pdf.render(with_work("完成😀。")).content)


def test_whatever_the_engine_only_logs_fails_the_rendering():
    with pytest.raises(RenderingFailed, match=r"asset:report\.css"):
        print_bad_image()


def print_bad_image():
    print_html('<img src="asset:report.css">', variant=pdf.VARIANT)


def test_too_many_pages_are_refused(monkeypatch):
    monkeypatch.setattr(engine, "PAGE_LIMIT", 2)
    with pytest.raises(RenderingFailed, match="pages are more than 2"):
        pdf.render(small())


def test_our_own_style_sheets_are_understood_without_a_warning(caplog):
    pdf.render(small())
    assert [record.message for record in caplog.records if record.name.startswith("weasyprint")] == []


def test_the_garbage_collector_works_again_after_a_failure():
    with pytest.raises(RenderingFailed):
        print_bad_image()
    assert gc.isenabled()


def test_an_empty_engagement_can_still_be_printed():
    bare = replace(small(), chapters=(), findings=(), follow_ups=(), evidence=(), criteria=(), conditions=(), scope=())
    assert pdf.render(bare).pages > 5
