"""How static files are named: by their content, in scripts that import others too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedByContent(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; a script's `import` finds the version of the other that belongs to it."""

    support_js_module_import_aggregation = True
