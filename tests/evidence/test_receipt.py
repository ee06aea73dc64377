"""The broker's receipt: what it handed over, under its own names, and what became of it on its own side."""

import re

from evidence.decisions import describe, withdraw
from evidence.models import Evidence
from tests.uploads import A_DAY, answer_request, filed, pdf, posted, text


def test_the_receipt_names_files_as_they_were_handed_over(sign_in, asked, broker, preparer):
    (piece,) = answer_request(asked, [pdf("對帳單.pdf")], by=broker)
    describe(piece, title="疑似不實之對帳單", covered=A_DAY, by=preparer)
    page = sign_in(broker).get(asked.get_absolute_url()).content.decode()
    assert "對帳單.pdf" in page
    assert "疑似不實" not in page
    assert "疑似不實" in sign_in(preparer).get(asked.get_absolute_url()).content.decode(), "it is there to be hidden"


def test_the_receipt_tells_what_was_withdrawn_and_what_replaces_what(sign_in, asked, broker):
    first, second = answer_request(asked, [pdf("甲.pdf"), pdf("乙.pdf", b"2")], by=broker)
    withdraw(second, reason="誤傳", by=broker)
    client = sign_in(broker)
    newer = posted([pdf("甲補正.pdf", b"3")], to=asked.engagement, by=broker) | {"replaces": str(first.pk)}
    client.post(f"/requests/{asked.pk}/answers/", newer)
    receipt = (
        client.get(asked.get_absolute_url()).content.decode().partition('class="receipt"')[2].partition("</ol>")[0]
    )
    replaced, newest, withdrawn = (re.sub(r"\s+", " ", line) for line in receipt.split("<li>")[1:])
    assert "已由 甲補正.pdf 取代" in replaced
    assert "取代 甲.pdf" in newest
    assert "已撤回" in withdrawn


def test_what_the_broker_may_not_replace_is_an_error_and_not_overlooked(sign_in, asked, broker, preparer):
    own = filed(asked.engagement, text("內部分析.txt"), by=preparer)
    newer = posted([pdf()], to=asked.engagement, by=broker) | {"replaces": str(own.pk)}
    assert sign_in(broker).post(f"/requests/{asked.pk}/answers/", newer).status_code == 422
    assert not Evidence.objects.filter(request=asked).exists()
