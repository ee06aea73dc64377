"""Celery beat's clock, which also drives the relay: no message is published just to publish others."""

import logging
from datetime import date
from time import monotonic
from typing import Any

from celery.beat import Scheduler
from django.db import close_old_connections
from django.utils import timezone

from foundation.jobs.relay import request_daily, requeue_lost, send_due

RELAY_SECONDS = 1.0
SWEEP_SECONDS = 5.0
PAUSE_SECONDS = 5.0

logger = logging.getLogger(__name__)


class RelayingScheduler(Scheduler):  # type: ignore[misc]  # celery has no types
    """Beat's scheduler with the relay, the sweeper and the daily tasks in its loop; it keeps no schedule file.

    A database or broker that is away costs a line in the log and a pause, not the process.
    """

    swept_at = float("-inf")
    day: date | None = None

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send due periodic tasks, then due jobs; return the seconds until the next look."""
        delay: float = super().tick(*args, **kwargs)
        return min(delay, self.relay())

    def relay(self) -> float:
        """Make one round of sweeper, daily tasks and relay; return the seconds until the next."""
        close_old_connections()
        try:
            self._sweep()
            self._ask_daily()
            send_due(self.app)
        except Exception as error:  # noqa: BLE001  whatever a driver or transport raises when its server is away
            logger.warning("The relay pauses for %s s: %s: %s", PAUSE_SECONDS, type(error).__name__, error)
            return PAUSE_SECONDS
        return RELAY_SECONDS

    def _sweep(self) -> None:
        if monotonic() - self.swept_at < SWEEP_SECONDS:
            return
        requeue_lost()
        self.swept_at = monotonic()

    def _ask_daily(self) -> None:
        today = timezone.localdate()
        if today != self.day:
            request_daily(self.app, today)
            self.day = today
