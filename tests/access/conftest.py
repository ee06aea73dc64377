"""The world of the matrix, made once for all tests of this folder that run one after the other."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings, urls
from django.db import connection, transaction
from django.http import HttpResponseNotFound
from django.template import Template
from django.test import override_settings
from django.test.utils import _TestState
from django.utils import translation

from reports import pdf, word
from tests.access import looks
from tests.access.world import World, create

# A firm's own identity provider, which is never asked.
PROVIDER = {
    "provider_id": "oidc",
    "name": "OIDC",
    "client_id": "digao",
    "settings": {"server_url": "https://oidc.test"},
}
PROVIDED = {"authorization_endpoint": "https://oidc.test/authorize", "token_endpoint": "https://oidc.test/token"}


def stored_in(place: Any) -> override_settings:
    """Settings under which stored bytes lie in `place`, and thousands of questions aren't too many."""
    storage = {"BACKEND": "foundation.files.storage.LocalStorage", "OPTIONS": {"location": str(place)}}
    return override_settings(
        EVIDENCE_ROOT=place,
        STAGING_ROOT=f"{place}-staging",
        PREVIEW_ROOT=f"{place}-previews",
        FRAGMENT_ROOT=f"{place}-fragments",
        STORAGES={**settings.STORAGES, "default": storage},
        ACCOUNT_RATE_LIMITS=False,
        MFA_RATE_LIMITS={"webauthn_login": ""},
        SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [PROVIDER]}},
    )


@pytest.fixture(scope="package")
def files(tmp_path_factory: Any) -> Any:
    return tmp_path_factory.mktemp("access")


@pytest.fixture(autouse=True, scope="package")
def _own_files(files: Any) -> Any:
    """The world's files instead of each test's own."""
    with stored_in(files):
        yield


@contextmanager
def without_guards() -> Iterator[None]:
    """Take SQLite's guards away around the world's transaction; inside it, canaries.py would have to.

    SQLite reads its whole schema again after each savepoint that is rolled back in a transaction that has changed it:
    7 ms for every request. PostgreSQL's guards are taken off where they stand in the way, by `unguarded`.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in guards:
            cursor.execute(sql)


@pytest.fixture(scope="package")
def made(django_db_setup: Any, django_db_blocker: Any, _own_files: Any) -> Any:
    """The world in a transaction that never ends well."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patched,
        translation.override("zh-hant"),
        without_guards(),
        transaction.atomic(),
    ):
        patched.setattr(pdf, "render", _plainly)
        # A renderer that takes seconds would have its lease renewed, on tables that this transaction holds.
        patched.setattr(word, "render", lambda binder: b"PK\x03\x04" + binder.to_json())
        patched.setattr(OpenIDConnectOAuth2Adapter, "openid_config", PROVIDED)
        world = create(looks.look)
        gc.freeze()  # the collector need not walk the world after every few requests: a tenth of the time
        yield world
        gc.unfreeze()
        transaction.set_rollback(True)


PRINTED = pdf.render  # before the world's tests do without it


@pytest.fixture
def printed() -> Any:
    """The renderer that really prints pages."""
    return PRINTED


def _plainly(binder: Any, progress: Any = None) -> pdf.Rendering:
    """Pages that cost nothing and hold everything."""
    return pdf.Rendering(b"%PDF-1.7\n" + binder.to_json(), 42)


def not_found_once(real: Any, but_for: Any) -> Any:
    """The page for 404, drawn once for each person: it says nothing of what was asked for.

    That it doesn't is seen of `but_for`, for whom it is drawn each time (test_strangers.py).
    """
    drawn: dict[Any, bytes] = {}

    def page(request: Any, exception: Exception) -> HttpResponseNotFound:
        key = request.user.pk
        if key == but_for.pk:
            return real(request, exception)
        if key not in drawn:
            drawn[key] = real(request, exception).content
        return HttpResponseNotFound(drawn[key])

    return page


@pytest.fixture(scope="package")
def not_found(made: World) -> Any:
    return not_found_once(urls.handler404, made.cast.people["partner"])


@pytest.fixture
def world(made: World, not_found: Any, db: None) -> Any:
    """The world, to be asked by one test; `db` takes back what the test changes."""
    with pytest.MonkeyPatch.context() as patched:
        # Thousands of 404s are the point here; and nobody looks at the contexts that Django's test client copies.
        patched.setattr(logging.getLogger("django.request"), "disabled", True)
        patched.setattr(urls, "handler404", not_found)
        patched.setattr(Template, "_render", _TestState.saved_data.template_render)
        yield made
