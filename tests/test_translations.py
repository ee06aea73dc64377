"""Every text that the code or a template marks for translation has its Traditional Chinese."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CATALOGUE = Path("locale/zh_Hant/LC_MESSAGES/django.po")


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    """The catalogue as makemessages would leave it, made in a copy of the sources."""
    copy = tmp_path_factory.mktemp("sources")
    left_out = shutil.ignore_patterns(".*", "var", "tests", "fixtures", "static", "docs", "__pycache__", "*.mo")
    shutil.copytree(ROOT, copy, dirs_exist_ok=True, ignore=left_out)
    command = [sys.executable, "manage.py", "makemessages", "--locale", "zh_Hant", "--no-obsolete", "--no-wrap"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(copy)})
    return copy / CATALOGUE


def messages(catalogue: Path, *selection: str) -> list[str]:
    """The msgids that `msgattrib` selects; one that spans several lines is joined."""
    command = ["msgattrib", *selection, "--no-wrap", "--no-location", str(catalogue)]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.replace('"\n"', "")
    return [msgid for msgid in re.findall(r'^msgid "(.*)"$', found, re.MULTILINE) if msgid]


def test_nothing_is_untranslated(collected):
    assert messages(collected, "--untranslated") == []


def test_nothing_is_half_translated(collected):
    assert messages(collected, "--only-fuzzy", "--no-obsolete") == []


def test_no_translation_is_left_over(collected):
    assert set(messages(ROOT / CATALOGUE)) - set(messages(collected)) == set()


def test_placeholders_agree_in_both_languages():
    subprocess.run(["msgfmt", "--check", "--output-file", os.devnull, ROOT / CATALOGUE], check=True)
