"""What templates refer to exists, and nothing in them needs an inline script or style (the CSP forbids both)."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver

TEMPLATES = Path(settings.BASE_DIR) / "templates"
ALL = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})
# The report is a document of its own: WeasyPrint draws it, no browser and no CSP are there.
PAGES = [name for name in ALL if not name.startswith("reports/document/")]


def text_of(name: str) -> str:
    return (TEMPLATES / name).read_text()


def url_names(resolver: URLResolver) -> set[str]:
    """Names of all patterns, those of namespaces as `namespace:name`."""
    names = {name for name in resolver.reverse_dict if isinstance(name, str)}
    for namespace, (_, inner) in resolver.namespace_dict.items():
        names |= {f"{namespace}:{name}" for name in url_names(inner)}
    return names


@pytest.mark.parametrize("name", ALL)
def test_a_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", ALL)
def test_what_a_template_includes_and_extends_exists(name):
    for target in re.findall(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""", text_of(name)):
        get_template(target)


def test_links_go_to_urls_that_exist():
    known = url_names(get_resolver())
    missing = {
        (name, target)
        for name in ALL
        for target in re.findall(r"""{%\s*url\s+["']([^"']+)["']""", text_of(name))
        if target not in known
    }
    assert missing == set()


def test_static_files_that_templates_name_exist():
    missing = {
        (name, target)
        for name in ALL
        for target in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", text_of(name))
        if finders.find(target) is None
    }
    assert missing == set()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_inline_style_script_or_handler(name):
    inline = re.findall(
        r"""\sstyle=|<style\b|\son[a-z]+=["']|javascript:|<script(?![^>]*\b(?:src=|type="application/json"))[^>]*>""",
        text_of(name),
    )
    assert inline == []
