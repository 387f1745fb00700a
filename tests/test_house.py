"""The rules of the house that no linter says. The exceptions are written down, and may only become fewer."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
APPS = ["roguelink", "accounts", "mail"]
MAX_FILE, MAX_FUNCTION = 400, 40
Function = ast.FunctionDef | ast.AsyncFunctionDef
WRITES = {
    *("save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"),
    *("execute", "write_changes"),
}

# --- Exceptions: "path::name" and why -----------------------------------------------------------------
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
IMPORTS_INSIDE: dict[str, str] = {}
SAVES = {"accounts/forms/signin.py::save": "allauth's form calls it so; it only asks a task to send a link"}
UNSCOPED = {
    "accounts/views/staff.py": "allauth's model, only as a subquery of people in scope",
    "accounts/forms/choices.py": "PortalForm narrows the choices to visible_to(user)",
    "accounts/forms/log.py": "PortalForm narrows the choices to visible_to(user)",
    "mail/forms/mailboxes.py": "PortalForm narrows the choices to visible_to(user)",
}
NOT_ATOMIC = {
    "accounts/services/impersonation.py::running": "reads",
    "accounts/services/sessions.py::mark_seen": "one statement",
    "mail/services/bulk.py::preview": "reads",
    "mail/services/csv_import.py::apply": "hashes thousands of passwords before its transaction begins",
    "mail/services/csv_import.py::dry_run": "rolls its transaction back itself",
    "mail/services/csv_rows.py::import_alias": "a row of csv_import's transaction",
    "mail/services/csv_rows.py::import_mailbox": "a row of csv_import's transaction",
    "mail/services/health.py::troubles_of": "reads; the update() is of a dict",
}


def sources(*folders: str) -> list[Path]:
    found = chain.from_iterable((ROOT / folder).rglob("*.py") for folder in folders or (*APPS, "tests"))
    return sorted(path for path in found if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def functions(path: Path) -> Iterator[Function]:
    yield from (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def name(path: Path, function: Function | None = None) -> str:
    return f"{path.relative_to(ROOT)}" + (f"::{function.name}" if function else "")


def words(nodes: list[ast.expr]) -> list[str]:
    """Decorators as they are written, without their arguments."""
    return [ast.unparse(node.func if isinstance(node, ast.Call) else node) for node in nodes]


def must_be_only(found: set[str], exceptions: dict[str, str]) -> None:
    """Nothing that is not written down; and nothing written down that has been mended since."""
    assert found - set(exceptions) == set()
    assert set(exceptions) - found == set(), "mended: take it off the list"


def test_no_file_is_longer_than_a_room() -> None:
    must_be_only({name(path) for path in sources() if len(path.read_text().splitlines()) > MAX_FILE}, LONG_FILES)


def test_no_function_is_longer_than_a_screen() -> None:
    """Of its body: a service's signature and docstring may say all that there is to say."""
    long = {
        name(path, function)
        for path in sources(*APPS)
        for function in functions(path)
        if function.end_lineno - _begin_of_body(function) >= MAX_FUNCTION
    }
    must_be_only(long, LONG_FUNCTIONS)


def _begin_of_body(function: Function) -> int:
    has_docstring = ast.get_docstring(function) is not None and len(function.body) > 1
    return function.body[1 if has_docstring else 0].lineno


def test_nothing_listens_to_signals() -> None:
    for path in sources(*APPS):
        for function in functions(path):
            assert not [word for word in words(function.decorator_list) if word.endswith("receiver")], name(
                path, function
            )
        called = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
        assert not [call for call in called if re.search(r"(pre|post)_\w+\.connect$", call)], name(path)


def test_no_model_or_form_saves_in_its_own_way() -> None:
    found = {name(path, function) for path in sources(*APPS) for function in functions(path) if function.name == "save"}
    must_be_only(found, SAVES)


def test_imports_stand_at_the_top() -> None:
    """But in AppConfig.ready, where the models cannot be imported earlier."""
    found = {
        name(path, function)
        for path in sources(*APPS)
        for function in functions(path)
        if function.name != "ready"
        and any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    }
    must_be_only(found, IMPORTS_INSIDE)


def test_views_and_forms_see_only_what_is_visible_to_the_person() -> None:
    """`Model.objects` is everybody's, unless `visible_to(user)` is the next word."""
    found = set()
    for path in sources(*APPS):
        if {"views", "forms"} & set(path.relative_to(ROOT).parts):
            nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)]
            scoped = {id(node.value) for node in nodes if node.attr == "visible_to"}
            if any(_is_a_manager(node) and id(node) not in scoped for node in nodes):
                found.add(name(path))
    must_be_only(found, UNSCOPED)


def _is_a_manager(node: ast.Attribute) -> bool:
    owner = ast.unparse(node.value)
    is_a_class = owner[:1].isupper() or owner.endswith("model")
    return node.attr in {"_default_manager", "_base_manager"} or (node.attr == "objects" and is_a_class)


def test_each_service_that_changes_something_is_one_transaction() -> None:
    """A use case (its first argument is the actor) or whatever writes, as far as the text shows."""
    found = {
        name(path, function)
        for path in sources(*(f"{app}/services" for app in APPS if (ROOT / app / "services").exists()))
        for function in tree(path).body
        if isinstance(function, Function)
        and not function.name.startswith("_")
        and (_has_an_actor(function) or _writes(function))
        and "transaction.atomic" not in words(function.decorator_list)
    }
    must_be_only(found, NOT_ATOMIC)


def _has_an_actor(function: Function) -> bool:
    return bool(function.args.args) and function.args.args[0].arg == "actor"


def _writes(function: Function) -> bool:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(call.attr in WRITES for call in calls if isinstance(call, ast.Attribute)) or any(
        isinstance(node, ast.Name) and node.id == "write_changes" for node in ast.walk(function)
    )


def test_migrations_say_what_they_do() -> None:
    for path in chain.from_iterable((ROOT / app / "migrations").glob("0*.py") for app in APPS):
        assert not re.search(r"_auto_|_alter_.*_and_more$|_and_more$", path.stem), name(path)


def test_templates_have_nothing_that_the_content_security_policy_forbids() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        assert not re.search(r"\sstyle\s*=", text), f"{name(path)}: an inline style"
        assert not re.search(r"<style\b(?![^>]*nonce)", text), f"{name(path)}: a style sheet of its own"
        assert not re.search(r"<script\b(?![^>]*\b(src|nonce|type=\"application/json\"))", text), (
            f"{name(path)}: a script"
        )
        assert not re.search(r"\son[a-z]+\s*=|\shx-on|js:", text), f"{name(path)}: script in an attribute"


def test_nothing_is_printed() -> None:
    for path in sources(*APPS):
        calls = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
        assert "print" not in calls, name(path)


@pytest.mark.parametrize("pinned", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_of_the_short_list_is_pinned_to_a_version_that_fits(pinned: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(project["optional-dependencies"]["dev"] if "dev" in pinned else ())]
    lines = [Requirement(line) for line in (ROOT / pinned).read_text().split("\n") if line and line[0] != "#"]
    versions = {line.name.lower(): str(line.specifier) for line in lines}
    assert all(specifier.startswith("==") for specifier in versions.values())
    for requirement in map(Requirement, wanted):
        assert requirement.name.lower() in versions, f"{requirement.name}: script/bootstrap --compile"
        assert Version(versions[requirement.name.lower()][2:]) in requirement.specifier


def test_every_setting_of_the_environment_is_in_the_example() -> None:
    """A person who sets a machine up reads .env.example, not the settings."""
    asked = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "roguelink/settings.py").read_text()))
    explained = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert asked - explained == set()
    assert len(asked) > 10


def test_the_apps_are_those_that_the_settings_name() -> None:
    assert [app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()] == APPS
