"""Rules of the whole suite: no test is skipped; one that means something on one database, or with a certain server from
outside, says which.
"""

import os

import pytest
from django.db import connection


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what `@pytest.mark.only_on(vendor)` reserves for the other database (bin/test runs both), and what
    `@pytest.mark.with_server(name)` asks of a server that DIGAO_TEST_NAME doesn't tell the address of (bin/judge does).
    """
    elsewhere = [item for item in items if is_for_another_database(item) or lacks_its_server(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def is_for_another_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("only_on")
    return marker is not None and connection.vendor not in marker.args


def lacks_its_server(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("with_server")
    return marker is not None and f"DIGAO_TEST_{marker.args[0].upper()}" not in os.environ


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a run with skipped tests into a failed one: a missing tool or service must not look like success."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line("Skipped tests count as failures here (see conftest.py).", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
