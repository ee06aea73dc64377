"""What the program may use. Set by itself before it opens anything; whoever started it also watches the clock."""

import resource
import signal

MEMORY = 2 * 1024**3
FILE = 512 * 1024**2
CPU_SECONDS = 90
WALL_SECONDS = 120
PAGES = 2_000  # of a file that are ever drawn
# Counted over all processes and threads of the user (not root's), whichever started them; Pango starts a few itself.
PROCESSES = 4096


def confine() -> None:
    """Give up memory, time, files and processes beyond the limits, for good."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_NPROC, PROCESSES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    signal.alarm(WALL_SECONDS)  # ends it even if whoever watches it is gone
