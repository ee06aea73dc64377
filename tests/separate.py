"""A database apart, for what a test's transaction can't show: a copy of it is kept, and later put back in its place."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections


class OnSQLite:
    """A file; keeping a copy is copying the file."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder / "separate.sqlite3")
        self.copy = folder / "copy.sqlite3"

    def make(self) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(self.name)) as target:
            connection.connection.backup(target)

    def keep_copy(self) -> None:
        connection.close()
        shutil.copy(self.name, self.copy)

    def put_back(self) -> None:
        connection.close()
        shutil.copy(self.copy, self.name)

    def drop(self) -> None:
        """The folder is thrown away with the test."""


class OnPostgreSQL:
    """A database on the same server; copies are made by the server, file by file."""

    def __init__(self, _folder: Path) -> None:
        self.template = connection.settings_dict["NAME"]
        self.name = f"test_separate_{os.getpid()}"
        self.copy = f"{self.name}_copy"

    def make(self) -> None:
        self._run(f"CREATE DATABASE {self.name} TEMPLATE {self.template}")

    def keep_copy(self) -> None:
        self._run(f"CREATE DATABASE {self.copy} TEMPLATE {self.name}")

    def put_back(self) -> None:
        self._run(f"DROP DATABASE {self.name}", f"ALTER DATABASE {self.copy} RENAME TO {self.name}")

    def drop(self) -> None:
        self._run(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in (self.name, self.copy)))

    @staticmethod
    def _run(*statements: str) -> None:
        """The server copies and renames only what nobody is connected to."""
        connection.close()
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


Separate = OnSQLite | OnPostgreSQL


@contextmanager
def separate_database(folder: Path) -> Iterator[Separate]:
    """The default connection leads to a copy of the test database, catalogue and guards included."""
    separate = (OnSQLite if connection.vendor == "sqlite" else OnPostgreSQL)(folder)
    separate.drop()
    separate.make()
    kept, settings = connections["default"], connections.settings["default"]
    settings["NAME"], before = separate.name, settings["NAME"]
    del connections["default"]
    try:
        yield separate
    finally:
        connection.close()
        connections["default"] = kept
        settings["NAME"] = before
        separate.drop()
