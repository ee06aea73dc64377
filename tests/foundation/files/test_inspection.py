"""What a file is by its content, and what about it gives pause. Whatever it is, it can be stored."""

import warnings

import pytest

from foundation.files.inspection import Inspected, inspect, media_type_of
from foundation.files.promises import DOCX, PDF, PPTX, XLSM, XLSX, ZIP
from tests import strange_files as strange
from tests.uploads import PDF as MINIMAL_PDF


@pytest.fixture
def look(tmp_path):
    """Inspect content under a name."""

    def looked(content: bytes, name: str) -> Inspected:
        path = tmp_path / "staged"
        path.write_bytes(content)
        return inspect(path, name)

    return looked


@pytest.fixture
def concerns(look):
    return lambda content, name: look(content, name).concerns


UNCONCERNED = {
    "報告.pdf": MINIMAL_PDF,
    "一頁.PDF": strange.pdf(),
    "linearized.pdf": strange.pdf(linearize=True),
    "畫面.png": strange.PNG,
    "照片.jpg": strange.JPEG,
    "清單.xlsx": strange.xlsx(),
    "政策.docx": strange.document("word"),
    "簡報.pptx": strange.document("ppt"),
    "說明.txt": "內容".encode(),
    "big5.txt": "防火牆規則清單，共三頁。\n".encode("big5") * 20,
    "utf16.csv": "編號,說明\n1,防火牆\n".encode("utf-16"),
    "export.csv": b"id,name\n1,a\n2,b\n",
    "rules.json": b'{"rules": []}',
    "page.html": strange.HTML,
    "drawing.svg": strange.SVG,
    "backup.sh": strange.SHELL,
    "mail.eml": b"From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\n\ntext\n",
    "scan.zip": strange.zipped("a.txt"),
    "older.xls": strange.compound("Workbook"),
    "older.doc": strange.compound("WordDocument"),
    "backup.7z": strange.seven_zip(encrypted=False),
    "backup.rar": strange.rar_5(encrypted=False),
    "dump.bin": bytes(range(256)),
    "no suffix": b"\0\1\2",
}


@pytest.mark.parametrize("name", UNCONCERNED)
def test_what_is_what_it_says_gives_no_pause(concerns, name):
    assert concerns(UNCONCERNED[name], name) == []


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (strange.xlsx(), XLSX),
        (strange.document("word"), DOCX),
        (strange.document("ppt"), PPTX),
        (strange.document("xl", "xl/vbaProject.bin"), XLSM),
        (strange.zipped("a.txt"), ZIP),
        (strange.pdf(), PDF),
        (strange.PNG, "image/png"),
        (strange.SVG, "image/svg+xml"),
        (strange.HTML, "text/html"),
        (b"", "application/x-empty"),
    ],
)
def test_the_type_is_told_from_the_content(look, content, media_type):
    assert look(content, "anything").media_type in {media_type, media_type.replace("application/x-", "inode/x-")}


@pytest.mark.parametrize(
    "name", ["a.pdf", "a.PDF", "a.png", "a.jpg", "a.jpeg", "a.gif", "a.webp", "a.tif", "a.xlsx", "a.docx", "a.zip"]
)
@pytest.mark.parametrize("content", [strange.HTML, strange.SVG, "內容".encode(), b"\0\1\2\3" * 9])
def test_content_that_its_name_does_not_promise(concerns, name, content):
    (concern,) = concerns(content, name)
    assert concern.startswith("type:")


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.log"])
@pytest.mark.parametrize(
    ("content", "detected"),
    [
        (strange.HTML, "text/html"),
        (strange.SVG, "image/svg+xml"),
        (strange.SHELL, "text/x-shellscript"),
        (strange.PNG, "image/png"),
        (strange.zipped("a"), ZIP),
    ],
)
def test_plain_text_is_nothing_that_runs_or_is_drawn(concerns, name, content, detected):
    assert concerns(content, name) == [f"type:{detected}"]


@pytest.mark.parametrize("content", [strange.program(), strange.PE, strange.MACH_O], ids=["own", "pe", "mach-o"])
def test_a_program_is_one_under_every_name(concerns, content):
    kind, honest = concerns(content, "說明.txt"), concerns(content, "setup.exe")
    assert [concern.partition(":")[0] for concern in kind] == ["type", "program"]
    assert [concern.partition(":")[0] for concern in honest] == ["program"]


def test_an_empty_file_is_not_a_pdf(concerns):
    (concern,) = concerns(b"", "a.pdf")
    assert concern.endswith("/x-empty")


# Two files in one ---------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "name"), [(strange.pdf(), "a.pdf"), (strange.PNG, "a.png")])
def test_a_zip_behind_another_file(concerns, content, name):
    assert concerns(content + strange.zipped("evil.js"), name)[-1] == f"polyglot:{ZIP}"


def test_a_pdf_that_begins_behind_something_else(concerns):
    assert f"polyglot:{PDF}" in concerns(strange.HTML + b"\n" + strange.pdf(), "a.html")


def test_a_pdf_may_begin_behind_white_space(concerns):
    assert concerns(b"\xef\xbb\xbf\r\n" + strange.pdf(), "a.pdf") == []


# Encrypted ----------------------------------------------------------------------------------


def test_an_encrypted_entry_in_a_zip(concerns):
    assert concerns(strange.with_password(strange.zipped("a.txt", "b.txt")), "a.zip") == [f"encrypted:{ZIP}"]


def quiet_pdf(**options) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # revision 5 was never in the standard
        return strange.pdf(**options)


@pytest.mark.parametrize("linearize", [False, True])
@pytest.mark.parametrize("revision", [2, 3, 4, 5, 6])
def test_a_pdf_that_needs_a_password(concerns, revision, linearize):
    content = quiet_pdf(revision=revision, password="geheim", linearize=linearize)
    assert concerns(content, "a.pdf") == [f"encrypted:{PDF}"]


@pytest.mark.parametrize("linearize", [False, True])
@pytest.mark.parametrize("revision", [2, 3, 4, 5, 6])
def test_a_pdf_that_only_forbids_copying_opens_for_everybody(concerns, revision, linearize):
    assert concerns(quiet_pdf(revision=revision, linearize=linearize), "a.pdf") == []


@pytest.mark.parametrize(
    "ending", [b"/Encrypt 99 0 R", b"/Encrypt << /Filter /Other >>", b"/Encrypt <</Filter/Standard"]
)
def test_encryption_that_is_not_understood_counts_as_such(concerns, ending):
    content = MINIMAL_PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R " + ending)
    assert concerns(content, "a.pdf") == [f"encrypted:{PDF}"]


def test_an_office_document_with_a_password(look):
    found = look(strange.compound("EncryptionInfo", "EncryptedPackage"), "機密.xlsx")
    assert found.concerns == [f"type:{found.media_type}", f"encrypted:{found.media_type}"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (strange.seven_zip(encrypted=True), "a.7z"),
        (strange.rar_5(encrypted=True), "a.rar"),
        (strange.rar_4(archive_flags=0x80), "a.rar"),
        (strange.rar_4(file_flags=0x04), "a.rar"),
    ],
)
def test_an_archive_that_hides_its_content(concerns, content, name):
    (concern,) = concerns(content, name)
    assert concern.startswith("encrypted:")


def test_an_archive_that_does_not(concerns):
    assert concerns(strange.rar_4(), "a.rar") == []


# Macros -------------------------------------------------------------------------------------


def test_macros_under_their_own_name(concerns):
    assert concerns(strange.document("xl", "xl/vbaProject.bin"), "a.xlsm") == [f"macro:{XLSM}"]


def test_macros_under_another_name(concerns):
    assert concerns(strange.document("xl", "xl/vbaProject.bin"), "a.xlsx") == [f"type:{XLSM}", f"macro:{XLSM}"]


def test_macros_of_the_older_kind(look):
    sheet = look(strange.document("xl", "xl/macrosheets/sheet1.xml"), "a.xlsm")
    older = look(strange.compound("WordDocument", "Macros", "VBA"), "a.doc")
    assert [sheet.concerns, older.concerns] == [[f"macro:{XLSM}"], [f"macro:{older.media_type}"]]


# Damaged, or too much -----------------------------------------------------------------------


def test_a_pdf_that_was_cut(concerns):
    assert concerns(strange.pdf()[:-40], "a.pdf") == [f"damaged:{PDF}"]


def test_a_zip_that_was_cut(concerns):
    assert concerns(strange.zipped("a.txt", "b.txt")[:-30], "a.zip") == [f"damaged:{ZIP}"]


def test_a_pdf_whose_table_of_contents_is_nowhere(concerns):
    content = strange.pdf()
    place = content.rindex(b"startxref")
    assert concerns(content[:place] + b"startxref\n999999999999\n%%EOF\n", "a.pdf") == []


def test_a_zip_with_more_entries_than_are_read(concerns):
    assert concerns(strange.crowded(200_001), "a.zip") == [f"unread:{ZIP}"]


@pytest.mark.parametrize("cut", range(0, 1600, 100))
def test_a_compound_file_cut_anywhere_is_inspected(look, cut):
    assert look(strange.compound("EncryptedPackage")[:cut], "a.bin").media_type


def test_a_directory_that_bites_its_tail_is_left(look):
    content = bytearray(strange.compound("Workbook"))
    content[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")  # the sector after the second is the second
    assert look(bytes(content), "a.xls").concerns == []


def test_what_is_of_our_own_making_is_told_by_its_type_only(tmp_path):
    path = tmp_path / "own"
    path.write_bytes(strange.pdf())
    assert media_type_of(path) == PDF
