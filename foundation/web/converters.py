"""What may stand in a URL, where Django's own converters are too generous."""

from django.urls.converters import StringConverter


class Code(StringConverter):
    """A paper's code: a control point's, e.g. 3.7.4.1.A, or a general paper's index, e.g. B-2; anything else is no page
    (and some of it no text for a database).
    """

    regex = r"[0-9]+(?:\.[0-9A-Z]+)*|[ABD]-[0-9]{1,3}"
