"""Two rules of the whole suite: no test is skipped, and one that means something on one database says which."""

import pytest
from django.db import connection


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what `@pytest.mark.only_on(vendor)` reserves for the other database; bin/test runs both."""
    elsewhere = [item for item in items if is_for_another_database(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def is_for_another_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("only_on")
    return marker is not None and connection.vendor not in marker.args


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a run with skipped tests into a failed one: a missing tool or service must not look like success."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line("Skipped tests count as failures here (see conftest.py).", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
