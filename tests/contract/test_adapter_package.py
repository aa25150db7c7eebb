"""The example of an adapter package is installed as any package, and keeps the contract."""

import os
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

from gateway import plugins
from gateway.domain.destination import Destination
from gateway.domain.policy import Policy
from gateway.testing.builders import CASE_SYSTEM

PACKAGE = Path(__file__).parents[2] / "docs/examples/adapter-package"
INSTALL = [
    "pip",
    "install",
    "--quiet",
    "--no-deps",
    "--no-index",
    "--no-build-isolation",
    "--target",
]
ADDRESS = {"url": "https://diarium.example", "api_key": {"secret": "diarium"}}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that the package is installed in."""
    target = tmp_path_factory.mktemp("installed")
    run(*INSTALL, target, PACKAGE, cwd=target)
    return target


def run(*module, cwd, path=""):
    """Run a module of Python elsewhere, with `path` to be imported from."""
    environment = os.environ | {"PYTHONPATH": str(path), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    command = [sys.executable, "-m", *map(str, module)]
    ended = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_its_own_tests_pass_where_it_is_installed(installed, tmp_path):
    """CONTRACT, contract suite for authors: it ships with us and is inherited there."""
    config = PACKAGE / "pyproject.toml"
    told = run(
        *("pytest", "-q", "-p", "no:cacheprovider", "-c", config, PACKAGE / "tests"),
        cwd=tmp_path,
        path=installed,
    )
    assert " passed" in told


def test_a_destination_can_use_it_by_its_name(installed, monkeypatch):
    """CONTRACT `vaxel.adapters`: found by entry point, its settings checked as our own are."""
    monkeypatch.syspath_prepend(installed)
    (package,) = distributions(name="vaxel-diarium", path=[str(installed)])
    types = plugins.found(package.entry_points.select(group=plugins.GROUP))
    reached = Destination("n/d", "n", "d", "diarium", ADDRESS, Policy(), CASE_SYSTEM, "Diarium")
    (fault,) = plugins.faults(reached, types, {})
    assert fault.startswith("settings.api_key names the secret 'diarium', which is not set")
