"""Loading a catalogue file: checked whole, then written and published in one transaction, or not at all."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from controls import catalogue_file, catalogue_rows
from controls.models import CatalogueVersion, Instrument
from controls.validators import counts, problems
from foundation.trail.actions import Actor, record
from foundation.web.refusals import Refused

CHAIN = "catalogue"
MAX_REASONS = 20

Catalogue = dict[str, Any]


@dataclass(frozen=True)
class Loaded:
    """What came of loading a file: the version it stands for, and whether it is new."""

    version: CatalogueVersion
    is_new: bool


@transaction.atomic
def load(content: bytes, *, by: Actor | None) -> Loaded:
    """Load and publish a catalogue file (see `catalogue_file`); the same file again changes nothing.

    `Refused` with every reason found: the file isn't whole, isn't right, or would change a published version.
    """
    catalogue, sha256 = catalogue_file.read(content)
    _refuse_for(problems(catalogue))
    version, is_new = _locked_version(catalogue, sha256)
    if not is_new:
        _refuse_for(_differences(version, sha256))
        return Loaded(version, is_new=False)
    _refuse_for(_renamed_instruments(catalogue))
    catalogue_rows.write(catalogue, version)
    _publish(version, counts(catalogue), by=by)
    return Loaded(version, is_new=True)


def _refuse_for(reasons: list[str]) -> None:
    if len(reasons) > MAX_REASONS:
        rest = _("… and %(count)s more.") % {"count": len(reasons) - MAX_REASONS}
        reasons = [*reasons[:MAX_REASONS], rest]
    if reasons:
        raise Refused(*reasons)


def _locked_version(catalogue: Catalogue, sha256: str) -> tuple[CatalogueVersion, bool]:
    """The version of this key; of two loads at once the second waits here and finds the first one's."""
    texts = ("title_zh", "title_en", "issuer_zh", "issuer_en", "edition_zh", "edition_en", "document_anomalies")
    return CatalogueVersion.objects.select_for_update().get_or_create(
        key=catalogue["key"], defaults={name: catalogue[name] for name in texts} | {"sha256": sha256}
    )


def _differences(version: CatalogueVersion, sha256: str) -> list[str]:
    if version.sha256 == sha256:
        return []
    reason = _("“%(key)s” is published with other content (%(old)s, this file: %(new)s). Give the new one a new key.")
    return [reason % {"key": version.key, "old": version.sha256[:12], "new": sha256[:12]}]


def _renamed_instruments(catalogue: Catalogue) -> list[str]:
    """An instrument is the same in every version: a published one can't get another name."""
    stated = {row["id"]: catalogue_rows.instrument_fields(row) for row in catalogue["instruments"]}
    return [
        _("instrument %(id)s has another name or issuer in a published catalogue: %(name)s")
        % {"id": instrument["key"], "name": instrument["name_zh"]}
        for instrument in Instrument.objects.filter(key__in=stated).values("key", "name_zh", "name_en", "issuer")
        if instrument != stated[instrument["key"]]
    ]


def _publish(version: CatalogueVersion, found: dict[str, int], *, by: Actor | None) -> None:
    version.status = CatalogueVersion.Status.PUBLISHED
    version.published_at = timezone.now()
    version.save(update_fields=["status", "published_at"])
    record("catalogue.published", chain=CHAIN, by=by, about=version, facts={"sha256": version.sha256, "counts": found})
