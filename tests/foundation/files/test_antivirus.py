"""The virus scanner: what it finds, and that no answer is never taken for a clean one."""

import os
import socket
import zipfile
from threading import Thread

import pytest
from django.test import override_settings

from foundation.files.antivirus import scan
from foundation.files.inspection import inspect

# In two halves: scanners on developers' machines look at files too.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def staged(tmp_path):
    path = tmp_path / "staged"
    path.write_bytes(b"harmless")
    return path


@pytest.fixture
def clamd_that(settings):
    """Listen where clamd would, read what is sent as far as `reads`, say something, and hang up."""
    listeners, threads = [], []

    def answer(listener: socket.socket, said: bytes, reads: int) -> None:
        connection, _address = listener.accept()
        with connection:
            received = 0
            while received < reads and (piece := connection.recv(4096)):
                received += len(piece)
            connection.sendall(said)

    def listen(said: bytes, *, reads: int) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        settings.CLAMD = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        thread = Thread(target=answer, args=(listener, said, reads))
        threads.append(thread)
        thread.start()

    yield listen
    for thread in threads:
        thread.join()
    for listener in listeners:
        listener.close()


# zINSTREAM and its zero, the length of the piece, the piece, the length of none.
WHOLE = 10 + 4 + len(b"harmless") + 4


def test_without_a_scanner_nothing_is_said(settings, staged):
    settings.CLAMD = ""
    assert scan(staged) == []


def test_a_scanner_that_is_away_leaves_the_file_unscanned(settings, staged):
    settings.CLAMD = "tcp://127.0.0.1:9"
    (concern,) = scan(staged)
    assert concern.startswith("unscanned:")


def test_a_socket_that_is_not_there_leaves_the_file_unscanned(settings, staged, tmp_path):
    settings.CLAMD = f"unix:{tmp_path}/clamd.sock"
    (concern,) = scan(staged)
    assert concern.startswith("unscanned:")


@pytest.mark.parametrize(
    ("said", "concerns"),
    [
        (b"stream: OK\0", []),
        (b"stream: Eicar-Test-Signature FOUND\0", ["virus:Eicar-Test-Signature"]),
        (b"INSTREAM size limit exceeded. ERROR\0", ["unscanned:INSTREAM size limit exceeded. ERROR"]),
        (b"stream: Can't allocate memory ERROR\0", ["unscanned:Can't allocate memory ERROR"]),
        (
            b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
            ["unscanned:Heuristics.Limits.Exceeded.MaxFileSize FOUND"],
        ),
        (b"UNKNOWN COMMAND\0", ["unscanned:UNKNOWN COMMAND"]),
        (b"OK, but what?\0", ["unscanned:OK, but what?"]),
        (b"", ["unscanned:no answer"]),
    ],
)
def test_only_its_word_ok_is_taken_for_a_clean_file(clamd_that, staged, said, concerns):
    clamd_that(said, reads=WHOLE)
    assert scan(staged) == concerns


def test_a_scanner_that_hangs_up_early_leaves_the_file_unscanned(clamd_that, staged):
    staged.write_bytes(bytes(8 * 1024**2))
    clamd_that(b"INSTREAM size limit exceeded. ERROR\0", reads=1000)
    (concern,) = scan(staged)
    assert concern.startswith("unscanned:")


def test_a_long_answer_is_cut(clamd_that, staged):
    clamd_that(b"stream: " + b"x" * 900 + b" FOUND\0", reads=WHOLE)
    (concern,) = scan(staged)
    assert concern == "virus:" + "x" * 194


# A real clamd, which bin/with-outside starts with a signature of its own for EICAR -----------------


@pytest.fixture
def clamd():
    with override_settings(CLAMD=os.environ["DIGAO_TEST_CLAMD"]):
        yield


REAL = (pytest.mark.with_server("clamd"), pytest.mark.usefixtures("clamd"))


def really(test):
    for mark in REAL:
        test = mark(test)
    return test


@really
def test_eicar_is_found(staged):
    staged.write_bytes(EICAR)
    (concern,) = scan(staged)
    assert concern.startswith("virus:")
    assert "Eicar" in concern


@really
def test_eicar_is_found_in_a_zip(staged, tmp_path):
    with zipfile.ZipFile(staged, "w") as archive:
        archive.writestr("inner.com", EICAR)
    found = inspect(staged, "a.zip")
    assert (found.media_type, found.concerns[0].partition(":")[0]) == ("application/zip", "virus")


@really
def test_a_harmless_file_passes(staged):
    assert scan(staged) == []


@really
def test_a_large_harmless_file_passes(staged):
    staged.write_bytes(b"0123456789abcdef" * 256 * 1024)
    assert scan(staged) == []


@really
@pytest.mark.parametrize("size", [7 * 1024**2, 9 * 1024**2])
def test_a_file_beyond_the_scanner_s_limits_is_unscanned(staged, size):
    """bin/with-outside lets it look at 6 MiB and receive 8 MiB."""
    staged.write_bytes(bytes(size))
    (concern,) = scan(staged)
    assert concern.startswith("unscanned:")


@really
def test_what_it_finds_is_a_concern_like_others(staged):
    staged.write_bytes(EICAR)
    found = inspect(staged, "報告.pdf")
    assert [concern.partition(":")[0] for concern in found.concerns] == ["type", "virus"]
