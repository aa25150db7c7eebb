"""Commands in a folder with the embedded database, where the example routes are published."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.domain.errors import Refusal

SECRET = "whsec_dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0"  # noqa: S105 opens nothing
RULES = Path(__file__).parents[4] / "routing_rules"


@pytest.fixture(scope="package")
def published(empty, tmp_path_factory):
    """The folder, made once and copied for each test; Nordmark keeps complaints for two years."""
    folder = tmp_path_factory.mktemp("published")
    shutil.copy(empty, folder / "vaxel.sqlite3")
    shutil.copytree(RULES, folder / "routing_rules")
    with (folder / "routing_rules/nordmark/region.toml").open("a") as region:
        region.write("\n[retention]\ncomplaint_months = 24\n")
    with pytest.MonkeyPatch.context() as monkeypatch:
        at(folder, monkeypatch)
        run("routes", "publish", "--based-on", 0, "--reason", "the first")
    return folder


@pytest.fixture
def url(published, tmp_path):
    """The embedded database alone: commands leave it to the end of their process to disconnect."""
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path}/vaxel.sqlite3"


@pytest.fixture
def vaxel(url, tmp_path, monkeypatch):
    """Run a command with this database; gives what it says, or raises what it refuses."""
    at(tmp_path, monkeypatch)
    return run


def at(folder, monkeypatch):
    """Go to where the database and the routes are."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("VAXEL_DATABASE_URL", f"sqlite:///{folder}/vaxel.sqlite3")
    monkeypatch.setenv("VAXEL_SECRETS__SYDVIK_SYNERGI", SECRET)


def run(*arguments, answer=""):
    """Run a command; gives what it says, or raises what it refuses."""
    done = CliRunner().invoke(app, [*map(str, arguments)], input=answer)
    if isinstance(done.exception, Refusal):
        raise done.exception
    return done.output
