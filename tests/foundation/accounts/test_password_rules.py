"""Passwords: fifteen characters, none that everybody guesses, kept as Argon2 hashes."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize("password", ["fourteen chars", "0123456789", "1234567890123456", "preparer@firm.example"])
def test_a_weak_password_is_refused(preparer, password):
    with pytest.raises(ValidationError):
        validate_password(password, preparer)


@pytest.mark.parametrize(
    "password", ["fifteen chars!!", "正確的馬匹電池釘書針與一句長話", "   spaces count   ", "x" * 10_000]
)
def test_any_fifteen_characters_that_nobody_guesses_will_do(preparer, password):
    validate_password(password, preparer)


def test_an_installation_hashes_with_argon2(tmp_path):
    code = "from django.contrib.auth.hashers import make_password; print(make_password('x')[:9])"
    environment = {"PATH": os.environ["PATH"], "DIGAO_MODE": "demo", "DIGAO_DATA": str(tmp_path)}
    run = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
    done = subprocess.run(run, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "argon2$ar"
