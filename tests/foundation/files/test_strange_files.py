"""Bad files are taken, kept as the bytes that they are, and put in quarantine; nothing of them is parsed or shown."""

import pytest

from foundation.files.downloads import attachment
from foundation.files.uploads import take
from tests import strange_files as strange
from tests.uploads import SimpleUploadedFile, uploaded

ENTITIES = b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;&a;">]><x>&c;&c;</x>'
BAD = {
    "drawing.svg": (strange.SVG, []),
    "page.html": (strange.HTML, []),
    "page.pdf": (strange.HTML, ["type:text/html"]),
    "both.pdf": (strange.pdf() + strange.zipped("evil.js"), ["polyglot:application/zip"]),
    "secret.zip": (strange.with_password(strange.zipped("a.txt")), ["encrypted:application/zip"]),
    "renamed.xlsx": (
        strange.document("xl", "xl/vbaProject.bin"),
        [f"{kind}:application/vnd.ms-excel.sheet.macroEnabled.12" for kind in ("type", "macro")],
    ),
    "entities.xlsx": (strange.document("xl"), []),
    "entities.xml": (ENTITIES, []),
    "bomb.xlsx": (strange.zipped("[Content_Types].xml", "xl/sheet.xml", content=bytes(8 * 1024**2)), []),
    "cut.pdf": (strange.pdf()[:-40], ["damaged:application/pdf"]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_kept_as_it_is(storage, fieldwork, preparer, name):
    content, concerns = BAD[name]
    (stored,) = take([uploaded(SimpleUploadedFile(name, content), to=fieldwork, by=preparer)])

    response = attachment(stored)
    assert stored.concerns == concerns
    assert b"".join(response.streaming_content) == content
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    response.close()
