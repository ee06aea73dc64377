"""What stands in the way of an act, as data: the gate refuses because of it, the page prints it with a link."""

from dataclasses import dataclass

from foundation.web.refusals import Reason, Refused


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason. `kind` names it in code, `text` says it to the reader, `url` leads to where it can be removed."""

    kind: str
    text: Reason
    url: str = ""


def refuse(blockers: list[Blocker]) -> None:
    """Raise Refused when anything stands in the way."""
    if blockers:
        raise Refused(*(blocker.text for blocker in blockers))
