"""Second factors asked for in earnest, and a person of every kind."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from foundation.accounts.actions import add_person
from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role
from tests.conftest import PASSWORD
from tests.doors import send


@pytest.fixture
def strict(settings: Any) -> None:
    """Ask everybody for a second factor, as production does."""
    settings.MFA_EASED = False


@pytest.fixture
def at_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do at once what waits for a commit: a test's transaction never commits."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, *_arguments, **_options: act())


@pytest.fixture
def type_password(client: Client) -> Callable[..., Any]:
    """Fill in the form at the door."""

    def typed(email: str, password: str = PASSWORD, *, on: Client = client, query: str = "", **headers: str) -> Any:
        return send(on, f"/login/{query}", {"login": email, "password": password}, **headers)

    return typed


def colleague(email: str, organization: Organization, role: str, name: str = "同事") -> User:
    return add_person(organization, email=email, password=PASSWORD, by=None, name=name, role=role)


@pytest.fixture
def operator(exchange_company: Organization) -> User:
    return colleague("operator@exchange.example", exchange_company, Role.OPERATOR, "鄭平台")


@pytest.fixture
def second_admin(firm: Organization) -> User:
    return colleague("admin2@firm.example", firm, Role.ADMIN, "蔡管理")
