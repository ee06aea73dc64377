"""The permanent cast and the loaded catalogue.

Two firms, two brokers, one exchange. `engagement` is the annual assessment of `broker`'s company by `partner`'s firm,
with everybody on its team; `fieldwork` is the same with its papers opened.
"""

from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.utils import translation

from controls.imports import load
from controls.models import Condition
from engagements.actions import join_team
from engagements.models import Engagement, ProfileAnswer
from foundation.accounts.actions import add_person, register_organization
from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role
from procedures.models import ProcedureResult, Workpaper
from signoff.lifecycle import open_fieldwork
from tests import beginnings, stages
from tests.scenes import scene

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> None:
    """Load the regulator's catalogue once into the test database."""
    with django_db_blocker.unblock():
        load((Path(settings.BASE_DIR) / "fixtures" / "tpex-sto.json").read_bytes(), by=None)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Give each test its own place for stored bytes."""
    settings.EVIDENCE_ROOT = tmp_path / "files"
    settings.STAGING_ROOT = tmp_path / "staging"
    settings.PREVIEW_ROOT = tmp_path / "previews"
    settings.FRAGMENT_ROOT = tmp_path / "fragments"
    options = {"location": str(settings.EVIDENCE_ROOT)}
    storages = {"BACKEND": "foundation.files.storage.LocalStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": storages}


@pytest.fixture(autouse=True)
def _fresh_counters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know of no attempts, denials and used codes; the tests of another process, on the same Redis, keep theirs."""
    monkeypatch.setattr(caches["default"], "key_prefix", uuid4().hex)


@pytest.fixture(autouse=True)
def _chinese() -> Any:
    """Speak Traditional Chinese, as the product does by default, outside requests too."""
    with translation.override("zh-hant"):
        yield


def organization(kind: str, name: str, tax_id: str) -> Organization:
    names = {"name": f"{name}股份有限公司", "short_name": name}
    known = Organization(pk=uuid5(NAMESPACE_OID, tax_id), kind=kind, tax_id=tax_id, **names)
    return register_organization(known, by=None)


def person(name: str, email: str, organization: Organization, role: str) -> User:
    known = {"id": uuid5(NAMESPACE_OID, email), "name": name, "role": role}
    return add_person(organization, email=email, password=PASSWORD, by=None, **known)


@pytest.fixture
def firm(db: None) -> Organization:
    return organization("firm", "正衡聯合會計師事務所", "12345675")


@pytest.fixture
def broker_company(db: None) -> Organization:
    return organization("broker", "安信數位證券", "22099131")


@pytest.fixture
def other_broker_company(db: None) -> Organization:
    return organization("broker", "海岳證券", "04595257")


@pytest.fixture
def exchange_company(db: None) -> Organization:
    return organization("exchange", "櫃買中心", "53212545")


@pytest.fixture
def preparer(firm: Organization) -> User:
    return person("陳柏翰", "preparer@firm.example", firm, Role.STAFF)


@pytest.fixture
def reviewer(firm: Organization) -> User:
    return person("李佳穎", "reviewer@firm.example", firm, Role.MANAGER)


@pytest.fixture
def partner(firm: Organization) -> User:
    return person("王怡君", "partner@firm.example", firm, Role.PARTNER)


@pytest.fixture
def quality_reviewer(firm: Organization) -> User:
    return person("周文彬", "quality@firm.example", firm, Role.PARTNER)


@pytest.fixture
def admin(firm: Organization) -> User:
    return person("何美玲", "admin@firm.example", firm, Role.ADMIN)


@pytest.fixture
def broker(broker_company: Organization) -> User:
    return person("林資安", "person@broker.example", broker_company, Role.BROKER)


@pytest.fixture
def other_broker(other_broker_company: Organization) -> User:
    return person("吳海岳", "person@other-broker.example", other_broker_company, Role.BROKER)


@pytest.fixture
def other_firm(db: None) -> User:
    """A partner of another firm."""
    other = organization("firm", "他山會計師事務所", "53212539")
    return person("許他山", "partner@other-firm.example", other, Role.PARTNER)


@pytest.fixture
def exchange(exchange_company: Organization) -> User:
    return person("黃監理", "person@exchange.example", exchange_company, Role.EXCHANGE)


@pytest.fixture
def engagement(
    partner: User,
    reviewer: User,
    preparer: User,
    quality_reviewer: User,
    broker_company: Organization,
    exchange_company: Organization,
) -> Engagement:
    """The annual assessment of 2026, its team named, in ACCEPTANCE."""

    def create() -> Engagement:
        created = stages.annual(broker_company, exchange_company, by=partner)
        for user, role in ((reviewer, Role.MANAGER), (preparer, Role.STAFF), (quality_reviewer, Role.EQR)):
            join_team(created, user=user, role=role, by=partner)
        return created

    return scene("engagement", create)


@pytest.fixture
def planned(engagement: Engagement, partner: User) -> Engagement:
    """The engagement in PLANNING, its profile answered: everything applies; its plan approved."""

    def plan() -> Engagement:
        conditions = Condition.objects.filter(version=engagement.catalogue).exclude(kind=Condition.Kind.EVENT)
        ProfileAnswer.objects.bulk_create(
            ProfileAnswer(engagement=engagement, condition=condition, applies=True, answered_by=partner)
            for condition in conditions
        )
        beginnings.planned(engagement, partner=partner)
        return beginnings.in_planning(engagement, partner=partner)

    return scene("planned", plan)


@pytest.fixture
def fieldwork(planned: Engagement, partner: User) -> Engagement:
    """The engagement in FIELDWORK: 69 papers, 230 results, the request list."""
    return scene("fieldwork", lambda: open_fieldwork(planned, by=partner))


@pytest.fixture
def review(fieldwork: Engagement, preparer: User, partner: User) -> Engagement:
    """All procedures concluded, all papers prepared, in REVIEW."""
    return stages.in_review(fieldwork, preparer=preparer, partner=partner)


@pytest.fixture
def reporting(review: Engagement, reviewer: User, partner: User) -> Engagement:
    """All papers reviewed, all requests settled, in REPORTING."""
    return stages.in_reporting(review, reviewer=reviewer, partner=partner)


@pytest.fixture
def quality_review(reporting: Engagement, partner: User) -> Engagement:
    """Concluded and signed by the partner, in QUALITY_REVIEW."""
    return stages.in_quality_review(reporting, partner=partner)


@pytest.fixture
def paper(fieldwork: Engagement) -> Workpaper:
    """The paper on vulnerability scans, C-3.8.2."""
    found: Workpaper = Workpaper.objects.get(engagement=fieldwork, code="3.8.2")
    return found


@pytest.fixture
def result(paper: Workpaper) -> ProcedureResult:
    """The first procedure of C-3.8.2."""
    found: ProcedureResult = paper.results.get(position=1)
    return found


@pytest.fixture
def sign_in(client: Client) -> Any:
    """Return the test client, signed in as somebody."""

    def signed_in(user: User) -> Client:
        client.force_login(user)
        return client

    return signed_in
