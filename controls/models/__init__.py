"""The catalogue's tables: the regulator's words, and beside them what we derived.

The regulator's words are `ControlPoint.control_text` and `.procedure_preamble`, `ReferenceLine.printed`,
and `Procedure.label`, `.text` and `.steps`; each model names them in `VERBATIM`. Everything else is ours.
Rows are written once by `controls.imports` and never changed after their version is published.
"""

from .bilingual import in_language
from .conditions import Condition, ConditionRule
from .duties import FrequencyRule, Threshold
from .oddities import Anomaly, CoverageGap
from .procedures import DocumentGroup, ExpectedDocument, Procedure
from .references import Citation, Instrument, InstrumentVersion, ReferenceLine
from .versions import Area, CatalogueVersion, Chapter, ControlPoint

__all__ = [
    "Anomaly",
    "Area",
    "CatalogueVersion",
    "Chapter",
    "Citation",
    "Condition",
    "ConditionRule",
    "ControlPoint",
    "CoverageGap",
    "DocumentGroup",
    "ExpectedDocument",
    "FrequencyRule",
    "Instrument",
    "InstrumentVersion",
    "Procedure",
    "ReferenceLine",
    "Threshold",
    "in_language",
]
