"""Production starts only where letting people in is worth something; each case is a process of its own."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SOUND = {
    "DIGAO_MODE": "production",
    "DJANGO_SECRET_KEY": "kX3-e9f_aPq27LmZ0rT8vYwB5nHcJ4uS6dGi1oEtRQbMxNyKzW",
    "DJANGO_ALLOWED_HOSTS": "digao.example",
    "DIGAO_URL": "https://digao.example",
}
CHECK = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")


def start(tmp_path, *command, **changes):
    """Run a command in a sound production environment with changes; None leaves a variable out."""
    known = {"PATH": os.environ["PATH"], "DIGAO_DATA": str(tmp_path), **SOUND, **changes}
    environment = {name: value for name, value in known.items() if value is not None}
    run = [sys.executable, *(command or CHECK)]
    return subprocess.run(
        run, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_a_sound_installation_has_nothing_to_report(tmp_path):
    done = start(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DJANGO_DEBUG": "1"}, "DJANGO_DEBUG"),
        ({"DJANGO_SECRET_KEY": settings.DEMO_KEY}, "long DJANGO_SECRET_KEY of its own"),
        ({"DJANGO_SECRET_KEY": "short"}, "long DJANGO_SECRET_KEY of its own"),
        ({"DJANGO_SECRET_KEY": None}, "DJANGO_SECRET_KEY"),
        ({"DJANGO_SECRET_KEY": ""}, "long DJANGO_SECRET_KEY of its own"),
        ({"DIGAO_MFA_EASED": "1"}, "DIGAO_MFA_EASED"),
        ({"DIGAO_MODE": "prod"}, "DIGAO_MODE"),
        ({"CACHE_URL": "locmemcache://"}, "digao.E010"),
        ({"CACHE_URL": "dummycache://"}, "digao.E010"),
        ({"DIGAO_URL": None}, "digao.E011"),
        ({"DIGAO_URL": "http://digao.example"}, "digao.E011"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_production_refuses_to_start(tmp_path, changes, said):
    done = start(tmp_path, "manage.py", "check", **changes)
    assert done.returncode != 0
    assert said in done.stderr


def test_the_web_server_itself_refuses_too(tmp_path):
    done = start(tmp_path, "-c", "import config.wsgi", DIGAO_URL="http://digao.example")
    assert done.returncode != 0
    assert "digao.E011" in done.stderr


def test_a_cache_that_processes_share_is_fine(tmp_path):
    assert start(tmp_path, "manage.py", "check", CACHE_URL="redis://127.0.0.1:6379/1").returncode == 0


def test_former_keys_are_read_from_the_environment(tmp_path):
    code = "from django.conf import settings; print(settings.SECRET_KEY_FALLBACKS)"
    done = start(tmp_path, "manage.py", "shell", "-v", "0", "-c", code, DJANGO_SECRET_KEY_FALLBACKS="former,older")
    assert done.stdout.strip() == "['former', 'older']"


def test_a_demonstration_starts_without_any_of_it(tmp_path):
    bare = dict.fromkeys(SOUND)
    assert start(tmp_path, "manage.py", "check", **(bare | {"DIGAO_MODE": "demo"})).returncode == 0


def test_without_a_mode_it_is_production(tmp_path):
    assert start(tmp_path, "manage.py", "check", DIGAO_MODE=None, DIGAO_MFA_EASED="1").returncode != 0
