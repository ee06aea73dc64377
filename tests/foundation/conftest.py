"""A database of one's own, for what a test's transaction can't show: commits, threads, processes, flushed guards."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from tests.at_once import at_once


@pytest.fixture
def own_database(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[str]:
    """The default connection leads, in every thread, to an empty database with the trail's and the jobs' tables.

    Yields its name. What a test does to it, it need not undo: it is thrown away.
    """
    kept = connections["default"]
    name = str(tmp_path / "own.sqlite3") if kept.vendor == "sqlite" else f"test_own_{os.getpid()}"
    with django_db_blocker.unblock():
        _recreate(name)
        settings = connections.settings["default"]
        settings["NAME"], before = name, settings["NAME"]
        del connections["default"]
        try:
            for app in ("trail", "jobs"):
                call_command("migrate", app, verbosity=0)
            yield name
        finally:
            connection.close()
            connections["default"] = kept
            settings["NAME"] = before
            _drop(name)


def _recreate(name: str) -> None:
    _drop(name)
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')


def _drop(name: str) -> None:
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def together() -> Callable[..., None]:
    """Run a function in several threads that start at once, each with its own connection; raises what one raised."""

    def run(function: Callable[[int], object], threads: int) -> None:
        for came_of in at_once(*(partial(function, number) for number in range(threads))):
            if isinstance(came_of, BaseException):
                raise came_of

    return run
