"""Rules of the house that no linter knows: layers of foreign keys, sizes, settings, dependencies, documents."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.db.models import Field, Model

ROOT = Path(settings.BASE_DIR)
# Left to right, as in docs/architecture.md; import-linter holds the same order for imports.
LAYERS = [
    "foundation.trail",
    "foundation.jobs",
    "foundation.web",
    "foundation.accounts",
    "foundation.files",
    "controls",
    "engagements",
    "procedures",
    "evidence",
    "findings",
    "signoff",
    "reports",
    "desk",
]
PACKAGES = [*dict.fromkeys(layer.split(".")[0] for layer in LAYERS), "config"]


def files_in_git(*patterns: str) -> list[Path]:
    """What is committed, or about to be: never virtual environments, data or caches."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def python_files() -> list[Path]:
    return [path for path in files_in_git("*.py") if "migrations" not in path.parts]


def product_files() -> list[Path]:
    return [path for path in python_files() if path.relative_to(ROOT).parts[0] in PACKAGES]


def layer_of(model: type[Model]) -> int | None:
    """The position of the model's app, or None for Django's and third parties'."""
    name = apps.get_app_config(model._meta.app_label).name
    return LAYERS.index(name) if name in LAYERS else None


def fields_across_apps() -> Iterator[tuple[Field, int, int]]:
    """Relations from one of our apps to another one, with both positions."""
    for model in apps.get_models():
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if field.remote_field is None or layer_of(model) is None:
                continue
            here, there = layer_of(model), layer_of(field.related_model)
            if there is not None and here != there:
                yield field, here, there


# Layers -------------------------------------------------------------------------------------


def test_the_layers_named_here_are_the_installed_apps():
    assert [app.name for app in apps.get_app_configs() if app.name.split(".")[0] in PACKAGES] == LAYERS


def test_foreign_keys_point_to_the_left():
    wrong = [f"{field} → {LAYERS[there]}" for field, here, there in fields_across_apps() if there > here]
    assert wrong == []


def names_left_behind() -> dict[str, str]:
    """Names that a relation leaves on a model of an app to its left: `{"requests": "evidence"}`."""
    fields = [field for field, _, _ in fields_across_apps() if not field.remote_field.hidden]
    return {field.remote_field.get_accessor_name(): field.model._meta.app_label for field in fields}


def test_only_the_engagement_may_be_asked_for_what_hangs_on_it():
    named = [field for field, _, _ in fields_across_apps() if not field.remote_field.hidden]
    assert {field.related_model.__name__ for field in named} <= {"Engagement"}, 'others need related_name="+"'


def test_no_app_uses_a_name_that_an_app_to_its_right_left_behind():
    used = [
        f"{path.relative_to(ROOT)}: {name}"
        for name, owner in names_left_behind().items()
        for path in product_files()
        if path.relative_to(ROOT).parts[0] in PACKAGES[: PACKAGES.index(owner)]
        and re.search(rf"engagement(\.|__){name}\b", path.read_text())
    ]
    assert used == []


# Sizes --------------------------------------------------------------------------------------


def test_python_files_have_at_most_300_lines():
    long = {
        str(path.relative_to(ROOT)): n for path in python_files() if (n := len(path.read_text().splitlines())) > 300
    }
    assert long == {}


def test_every_module_says_what_it_is():
    silent = [str(p.relative_to(ROOT)) for p in python_files() if p.read_text().strip() and not docstring_of(p)]
    assert silent == []


def docstring_of(path: Path) -> str | None:
    return ast.get_docstring(ast.parse(path.read_text()))


def test_functions_are_small():
    """Median at most 8 lines of body, nine of ten at most 25."""
    sizes = [size for path in product_files() for size in function_sizes(path)]
    assert median(sizes) <= 8
    assert quantiles(sizes, n=10)[-1] <= 25


def function_sizes(path: Path) -> Iterator[int]:
    """Lines of each function's body without its docstring."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield node.end_lineno - body[0].lineno + 1 if body else 1


def test_nothing_is_imported_inside_a_function_except_when_django_gets_ready():
    found = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in product_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name != "ready"
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []


# Settings -----------------------------------------------------------------------------------


def variables_read_by_settings() -> set[str]:
    """Names in `env.kind("NAME", …)` and `env("NAME", …)`."""
    trees = [ast.parse(path.read_text()) for path in (ROOT / "config").glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {
        call.args[0].value for call in calls if is_environment(call.func) and isinstance(call.args[0], ast.Constant)
    }


def is_environment(function: ast.expr) -> bool:
    owner = function.value if isinstance(function, ast.Attribute) else function
    return isinstance(owner, ast.Name) and owner.id == "env"


def documented_variables() -> set[str]:
    """First column of the tables in docs/settings.md."""
    return set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))


def test_every_environment_variable_is_documented():
    assert variables_read_by_settings() - documented_variables() == set()


def test_every_documented_variable_is_read_somewhere():
    readers = [*files_in_git("bin/*", "docker-compose.yml", "config/*.py")]
    text = "\n".join(path.read_text() for path in readers)
    # gunicorn reads this one itself.
    assert {name for name in documented_variables() if name not in text} <= {"WEB_CONCURRENCY"}


# Dependencies -------------------------------------------------------------------------------


def declared_dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    return {line for group in groups for line in group}


@pytest.mark.parametrize("dependency", sorted(declared_dependencies()))
def test_each_dependency_says_why_it_is_there(dependency):
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    assert [line for line in lines if f'"{dependency}"' in line and "#" in line]


# Documents ----------------------------------------------------------------------------------


def test_every_management_command_named_in_a_document_exists():
    text = "\n".join(path.read_text() for path in files_in_git("*.md"))
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) - set(get_commands()) == set()


def test_every_file_named_in_a_document_exists():
    named = {
        (path.relative_to(ROOT), name)
        for path in files_in_git("*.md")
        for name in re.findall(r"(?<![\w/.-])((?:bin|docs|config|tests)/[\w./-]*\w)", path.read_text())
    }
    assert {(str(path), name) for path, name in named if not (ROOT / name).exists()} == set()
