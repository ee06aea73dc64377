"""How tests read a page, and what they write on papers."""

import re
from datetime import date

from procedures.actions import Entry

DONE = Entry("no_exception", "取得並檢視，核對相符。", "", date(2026, 11, 10))
WORDING = {
    "title": "下半年未執行弱點掃描",
    "condition": "下半年未執行。",
    "criterion": "每半年應進行弱點掃描",
    "severity": "significant",
    "type": "operation",
    "risk": "弱點未及時發現。",
    "recommendation": "應依規定執行。",
}


def words(html):
    """What a reader sees, white space folded."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def foot(html):
    return html[html.index('id="acts"') :].split("</footer>")[0]


def forms(html):
    return re.findall(r"<form[^>]* data-autosave", html)
