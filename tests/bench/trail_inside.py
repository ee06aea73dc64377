"""What the trail's measurement runs inside Django: `python -m tests.bench.trail_inside WHAT …`; prints JSON."""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# Models exist only from here on.
from django.db import transaction  # noqa: E402

from foundation.trail.actions import record  # noqa: E402
from foundation.trail.verification import verify_chain  # noqa: E402

FACTS = {"result": "5e0c0b86-7a0f-4e0e-9d0b-7f6e2f2b8c11", "outcome": "no_exception", "content": 12, "hash": "ab" * 32}


def append(chain: str, start: str, seconds: str) -> int:
    """Append to a chain from `start` (Unix time), one transaction each; return how many within the seconds."""
    time.sleep(max(0, float(start) - time.time()))
    end, count = float(start) + float(seconds), 0
    while time.time() < end:
        with transaction.atomic():
            record("result.saved", chain=chain, by=None, about=None, facts=FACTS)
        count += 1
    return count


def fill(chain: str, events: str) -> int:
    """Append that many events, a hundred in a transaction."""
    for _ in range(int(events) // 100):
        with transaction.atomic():
            for _ in range(100):
                record("result.saved", chain=chain, by=None, about=None, facts=FACTS)
    return int(events)


def verify(chain: str) -> float:
    """Verify a chain; return the seconds it took."""
    started = time.perf_counter()
    found = verify_chain(chain)
    assert found.exit_status == 0, found.problems
    return time.perf_counter() - started


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    print(json.dumps(globals()[what](*arguments)))
