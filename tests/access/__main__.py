"""How much the matrix asks: `DIGAO_MODE=test python -m tests.access`; with a word, what it says of such addresses."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.access.matrix import Case, cases, matrix  # noqa: E402 -- models need Django set up


def told(case: Case) -> str:
    """GET report @issued: in staff, specialist; 403 broker."""
    outcomes = dict.fromkeys(case.expected.values())
    groups = (f"{met} {', '.join(who for who in case.expected if case.expected[who] == met)}" for met in outcomes)
    return f"{case}: {'; '.join(groups)}"


def main(*words: str) -> None:
    asked = cases()
    if words:
        print("\n".join(told(case) for case in asked if any(word in case.endpoint for word in words)))
        return
    lines = sum(len(section) for section in matrix().sections.values())
    requests = sum(len(case.asked) * (2 if case.by_token else 1) for case in asked)
    print(f"{len(matrix().lines)} addresses, {lines} lines, {len(asked)} cases, {requests} requests")


if __name__ == "__main__":
    main(*sys.argv[1:])
