"""What `manage.py check --deploy` says about the place where evidence is kept."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004  Django's own name

from foundation.files.storage import kept


@register(Tags.security, deploy=True)
def evidence_is_kept_safely(**_kwargs: Any) -> list[CheckMessage]:
    """Report each fault of the storage; it is asked over the network, so not at every start."""
    return [Warning(fault, hint="See docs/operations.md.", id="digao.W020") for fault in kept().faults()]
