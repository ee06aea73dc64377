"""Checkpoints of this installation: in their folder, and in the mailboxes of those who keep copies."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.trail.checkpoints import PATTERN, Checkpoint, make_checkpoint, write_checkpoint


def kept_checkpoints() -> Iterator[Path]:
    """Yield the files in this installation's folder."""
    yield from sorted(Path(settings.CHECKPOINT_DIR).glob(PATTERN))


def checkpoint_of(day: str) -> Path:
    """Return the file of a day ("2026-11-28"), made now unless it is there: whoever asks again gets the same."""
    path = _path(day)
    if not path.exists():
        write_checkpoint(make_checkpoint(), path)
    return path


def checkpoint_now() -> Path:
    """Make one more, beside that of the day. The hash in its name keeps an older one of another history apart."""
    checkpoint = make_checkpoint()
    path = _path(f"{checkpoint.made:%Y-%m-%dT%H%M%SZ}-{checkpoint.event.hash.hex()[:8]}")
    write_checkpoint(checkpoint, path)
    return path


def mail_checkpoint(path: Path) -> None:
    """Send the file to everybody who keeps copies; to nobody unless addresses are set."""
    if not settings.CHECKPOINT_MAIL:
        return
    content = path.read_bytes()
    with translation.override(settings.LANGUAGE_CODE):
        message = EmailMessage(*_letter(Checkpoint.from_bytes(content)), to=settings.CHECKPOINT_MAIL)
    message.attach(path.name, content, "application/json")
    message.send()


def _letter(checkpoint: Checkpoint) -> tuple[str, str]:
    """Return subject and text."""
    told = {"day": checkpoint.day.isoformat(), "chains": len(checkpoint.heads), "root": checkpoint.root}
    subject = _("Digao: checkpoint of the audit trail, %(day)s") % told
    text = _(
        "The attached file says where the %(chains)d chains of the audit trail stood.\n"
        "Their root: %(root)s\n\n"
        "Please keep it where nobody who runs Digao can change it. Whether the trail still is what it was then is"
        " found by: manage.py verify_trail --checkpoint FILE"
    )
    return subject, text % told


def _path(moment: str) -> Path:
    return Path(settings.CHECKPOINT_DIR) / PATTERN.replace("*", moment)
