"""What the report letter leaves to people, filled in by two at once or while the letter itself changes."""

import pytest
from django.urls import reverse

from reports.models import LetterEntries
from signoff.conclusions import conclude


@pytest.fixture
def letter(fieldwork):
    return reverse("report-letter", kwargs={"engagement": fieldwork.pk})


def test_what_was_typed_stays_with_its_placeholder_when_the_conclusion_changes_meanwhile(
    fieldwork, letter, partner, sign_in
):
    client = sign_in(partner)
    read = client.get(letter).context["form"]
    conclude(fieldwork, kind="adverse", rationale="重大且廣泛。", departure="管理階層誠信存疑。", by=partner)
    typed = {f"value-{name}": name for name in read.names}
    assert client.post(letter, typed).status_code == 302
    kept = LetterEntries.objects.get().values
    assert kept
    assert all(name == text for name, text in kept.items())


def test_of_two_who_fill_in_the_letter_at_once_the_second_sees_what_the_first_saved(letter, partner, reviewer, sign_in):
    first, second = sign_in(partner), sign_in(reviewer)
    read = second.get(letter).context["form"]["seen"].value()
    first.post(letter, {"value-場所": "臺北", "seen": read})
    mine = {"value-場所": "臺中", "seen": read}
    answer = second.post(letter, mine)
    form = answer.context["form"]
    assert (answer.status_code, LetterEntries.objects.get().values) == (422, {"場所": "臺北"})
    assert "臺北" in str(form.errors["value-場所"])
    assert form["value-場所"].value() == "臺中"
    second.post(letter, mine | {"seen": form["seen"].value()})
    assert LetterEntries.objects.get().values == {"場所": "臺中"}
