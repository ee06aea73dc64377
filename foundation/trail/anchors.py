"""What is known of the trail from elsewhere: places and hashes of events, as printed, mailed or kept apart.

Only an anchor proves that a tail was not cut off together with its head, or an older copy put back.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from foundation.trail.chains import Problem
from foundation.trail.models import Chain, Event


@dataclass(frozen=True)
class Anchor:
    """The place and hash of an event; `source` says in the reader's language where they are known from."""

    chain: str
    seq: int
    hash: bytes
    source: str = ""


def anchor_problems(anchors: Iterable[Anchor]) -> Iterator[Problem]:
    """Yield what contradicts the anchors: of each chain the last event that is missing, the first that is another.

    What many anchors name is looked up once, and told under the first of them. One query for each chain.
    """
    named: dict[str, dict[tuple[int, bytes], Anchor]] = defaultdict(dict)
    for anchor in anchors:
        named[anchor.chain].setdefault((anchor.seq, anchor.hash), anchor)
    for chain in sorted(named):
        yield from _problems_of(chain, sorted(named[chain].values(), key=lambda anchor: anchor.seq))


def _problems_of(chain: str, anchors: list[Anchor]) -> Iterator[Problem]:
    events = Event.objects.filter(chain__key=chain, seq__in={anchor.seq for anchor in anchors})
    stored = {seq: bytes(digest) for seq, digest in events.values_list("seq", "hash")}
    place = _("Chain %(chain)s") % {"chain": chain}
    missing = [anchor for anchor in anchors if anchor.seq not in stored]
    others = [anchor for anchor in anchors if stored.get(anchor.seq, anchor.hash) != anchor.hash]
    if missing:
        gone = not Chain.objects.filter(key=chain).exists()
        yield Problem(place, _missing_text(gone=gone) % _names(missing[-1]))
    if others:
        yield Problem(place, _("event %(seq)s is not the one that %(source)s names") % _names(others[0]))


def _missing_text(*, gone: bool) -> str:
    if gone:
        return _("the whole chain is missing; %(source)s names its event %(seq)s")
    return _("event %(seq)s, which %(source)s names, is missing")


def _names(anchor: Anchor) -> dict[str, object]:
    return {"seq": anchor.seq, "source": anchor.source or _("an anchor")}
