"""docs/access.md says what the policy says."""

import pytest
from django.conf import settings

from foundation.accounts.management.commands.write_access import FILES, access_document
from foundation.accounts.policy import GRANTS, Permission, Role


@pytest.mark.parametrize(("language", "name"), FILES.items())
def test_the_document_is_what_the_policy_says(language, name):
    """Otherwise: manage.py write_access."""
    assert (settings.BASE_DIR / "docs" / name).read_text() == access_document(language)


def test_a_permission_s_row_marks_the_roles_that_have_it():
    row = next(line for line in access_document("en").splitlines() if line.startswith("| `report.issue` |"))
    cells = [cell.strip() for cell in row.strip("|").split("|")][2:]
    assert [role for role, cell in zip(Role, cells, strict=True) if cell] == list(GRANTS[Permission.REPORT_ISSUE])


def test_every_address_is_listed_under_what_it_asks_for():
    row = next(line for line in access_document("en").splitlines() if line.startswith("| `trail.view` | `"))
    assert "`/engagements/<uuid:engagement>/trail/`" in row
