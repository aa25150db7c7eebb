"""Commands, run in this process: a process of its own takes seconds to begin."""

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway.cli import main

RULES = Path(__file__).parent.parent.parent / "routing_rules"
FIRST = ("--based-on", "0", "--reason", "the first")
SECRET = "whsec_dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0"  # noqa: S105 opens nothing


@pytest.fixture
def vaxel(tmp_path, monkeypatch, capsys):
    """Run a command in an empty folder with a copy of the example regions."""
    shutil.copytree(RULES, tmp_path / "routing_rules")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAXEL_SECRETS__SYDVIK_SYNERGI", SECRET)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["vaxel", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code or 0, stdout=told.out, stderr=told.err)

    return run
