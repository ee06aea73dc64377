"""A program that does what the drawing of a bad file could do: `python -m … BEHAVIOUR OUT`."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from foundation.files.rendering.limits import confine


def hang(out: Path) -> None:
    """Never end, nor let a child end."""
    child = subprocess.Popen(["sleep", "600"])
    (out / "child").write_text(str(child.pid))
    time.sleep(600)


def eat(out: Path) -> None:
    """Take more memory than there may be."""
    confine()
    (out / "outcome.json").write_text(json.dumps({"pages": len(bytearray(3 * 1024**3))}))


def write(out: Path) -> None:
    """Write a file without end."""
    confine()
    with (out / "large").open("wb") as large:
        large.truncate(1024**3)


def crash(out: Path) -> None:
    (out / "outcome.json").write_text('{"pages": 1}')
    os.abort()


def tell(out: Path) -> None:
    """Say what its environment holds."""
    (out / "environment").write_text(json.dumps(dict(os.environ)))


def lie(out: Path) -> None:
    """Say what nobody says who draws pages."""
    (out / "outcome.json").write_text((out / "lie").read_text())


def link(out: Path) -> None:
    """Have somebody else's words read as its own."""
    (out / "outcome.json").symlink_to(out / "lie")


def link_hard(out: Path) -> None:
    (out / "outcome.json").hardlink_to(out / "lie")


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]))
