"""What must be true of the whole repository, whoever wrote the file."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path.relative_to(ROOT)
    for package in ("gateway", "adapters")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
NAMELESS = {"base", "common", "helpers", "manager", "service", "utils"}
PRIVATE_PLACES = re.compile(
    r"https?://\S+\.(?:whl|tar\.gz|tgz)\b"
    r"|\b(?:pypi|pythonhosted|npmjs)\.(?:org|com)\b"
    r"|--(?:extra-)?index-url|--find-links[ =]"
    r"|(?<![\w.])/(?:home|Users)/\w+/"
    r"|(?<![\w.])/(?:root|opt/wheels|work/(?:main|scratch|shared))/"
)


def test_no_file_names_a_package_registry_or_a_developers_machine():
    """A clone works anywhere: where packages come from is the reader's own setting."""
    found = [
        f"{path}:{number}: {match[0]}"
        for path in _repository_files()
        for number, line in enumerate(_lines(ROOT / path), start=1)
        if (match := PRIVATE_PLACES.search(line))
    ]
    assert found == []


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_is_named_for_its_concept(path):
    """A file without a name of its own has no place (AESTHETICS 4.5, rule 2)."""
    assert NAMELESS.isdisjoint([*path.parent.parts, path.stem])


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_is_short_and_says_what_it_promises(path):
    """At most 300 lines, and a docstring on top (AESTHETICS 4.5, rules 7 and 19)."""
    source = (ROOT / path).read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(source)), f"{path} has no module docstring"


@pytest.mark.parametrize("path", [p for p in MODULES if p.parts[1] == "domain"], ids=str)
def test_the_domain_needs_only_the_standard_library(path):
    """The nouns and the law run anywhere Python does (AESTHETICS 4.5, rule 4)."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    foreign = {
        name for name in _imported(tree) if name.split(".")[0] not in sys.stdlib_module_names
    }
    assert {name for name in foreign if not name.startswith("gateway.domain")} == set()


def test_every_locked_requirement_has_a_hash():
    """What is installed is what was reviewed, byte for byte."""
    bare = [name for name, entry in _locked().items() if "--hash=sha256:" not in entry]
    assert bare == []


def test_the_lock_holds_every_direct_dependency():
    """A dependency added without `make lock` would be missing on a fresh machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {canonicalize_name(Requirement(line).name) for line in wanted}
    assert names - _locked().keys() == set()


def _repository_files():
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 (git is where the reader has it)
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    names = sorted({name for name in listing.stdout.split("\0") if name})
    return [name for name in names if (ROOT / name).is_file()]


def _lines(path):
    return path.read_bytes().decode("utf-8", errors="replace").splitlines()


def _imported(tree):
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case _:
                pass


def _locked():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if re.match(r"\w", entry)]
    return {canonicalize_name(re.split(r"[=\s;]", entry)[0]): entry for entry in entries}
