"""What is done to an account, and a sign-in, whose event can't be recorded doesn't happen."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client

from foundation.accounts import actions
from foundation.accounts.models import Organization
from tests.desk.test_append_failure import break_the_trail, is_undone

ACTS = {
    "invite": lambda admin, person: actions.invite(
        admin.organization, email="new@firm.example", name="許新任", role="staff", by=admin
    ),
    "give another role": lambda admin, person: actions.change_role(person, "incharge", by=admin),
    "disable": lambda admin, person: actions.disable(person, reason="離職", by=admin),
    "end access": lambda admin, person: actions.end_access(person, by=admin),
    "ask for new factors": lambda admin, person: actions.ask_recovery(person, reason="已致電確認", by=admin),
    "register a broker": lambda admin, person: actions.register_organization(
        Organization(kind="broker", name="海岳證券股份有限公司", short_name="海岳", tax_id="04595257"), by=admin
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_on_an_account_is_undone(admin, preparer, name):
    is_undone(lambda: ACTS[name](admin, preparer))


def test_nobody_is_let_in_unrecorded(preparer, type_password):
    break_the_trail()
    client = Client(raise_request_exception=False)
    answer = type_password(preparer.email, on=client)
    assert answer.status_code == 500
    assert client.get("/").status_code == 302
    assert [row for row in Session.objects.all() if SESSION_KEY in row.get_decoded()] == []
