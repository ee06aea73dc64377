"""What of this app and the trail vouch for one another."""

from operator import attrgetter

from controls.models import CatalogueVersion
from foundation.trail.witnesses import Witness


def witnesses() -> list[Witness]:
    """Published catalogues, each with the hash of the file that it was loaded from."""
    told = {"facts.sha256": attrgetter("sha256")}
    return [Witness(CatalogueVersion.objects.published(), ("catalogue.published",), told=told)]
