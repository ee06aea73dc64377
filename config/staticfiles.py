"""Which static files of other packages are left out: pages nobody is shown cost start-up time and space."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class ServedFiles(StaticFilesConfig):
    """Static files without DRF's browsable API, ReDoc, other versions of htmx and source maps of scripts."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("rest_framework", "redoc", "htmax-*", "htmx-4*", "*.js.map"),
    ]
