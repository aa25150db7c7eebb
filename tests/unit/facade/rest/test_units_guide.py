"""What the guide for e-services shows is what the example regions answer."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.domain.routing import RouteTable
from gateway.flow.chooser import Chooser
from gateway.routes import build, read

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs/guide/e-service.md").read_text()
ANSWERS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


@pytest.fixture
def doors(doors):
    """The doors, before the example regions."""
    table = build(read(ROOT / "routing_rules"), lambda _: [])
    assert isinstance(table, RouteTable), table
    return replace(
        doors, chooser=Chooser(lambda: table, lambda: datetime(2026, 11, 1, tzinfo=UTC))
    )


def test_the_search_that_is_shown_finds_what_is_shown(asked):
    """DOMAIN A14: the examples that partners copy are right."""
    [typed] = re.findall(r'--data-urlencode "q=(.*)"', PAGE)
    assert asked("e-service", "GET", "/units", params={"q": typed}).json() == ANSWERS[0]


def test_the_capability_that_is_shown_is_as_shown(asked):
    """DOMAIN B2: the examples that partners copy are right."""
    [path] = re.findall(r"/api/v1(/units/\S+/capability\S+)\"", PAGE)
    assert asked("e-service", "GET", path).json() == ANSWERS[1]
