"""What must be true of the documents as a whole."""

import json
import tomllib
from dataclasses import fields
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from lxml import etree

from gateway import plugins
from gateway.adapter import Broken
from gateway.domain.errors import Rule
from gateway.domain.notation import (
    case_from_json,
    case_message_from_json,
    case_message_to_json,
    case_to_json,
    supplement_from_json,
    supplement_to_json,
)
from gateway.domain.policy import Policy
from gateway.settings import Settings

ROOT = Path(__file__).parent.parent.parent
SETTINGS_PAGE = (ROOT / "docs/guide/settings.md").read_text()
CASE_SYSTEM_PAGE = (ROOT / "docs/guide/case-system.md").read_text()
REGIONS_PAGE = (ROOT / "docs/guide/regions.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SHIPPED = PROJECT["entry-points"][plugins.GROUP]
DECISIONS = sorted((ROOT / "docs/decisions").glob("0*.md"))


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_documented(setting):
    """A setting that nobody can find is no setting."""
    assert f"| `{setting}` |" in SETTINGS_PAGE


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_is_listed_and_says_when_to_look_again(decision):
    """Question, choice, price, and when to look again."""
    index = (ROOT / "docs/decisions/README.md").read_text()
    text = decision.read_text()
    assert decision.name in index
    parts = ("**Question.**", "**Choice.**", "**What we gave up.**", "**Look again**")
    assert [part for part in parts if part not in text] == []


@pytest.mark.parametrize("rule", Rule, ids=lambda rule: rule.name)
def test_every_error_is_in_the_case_systems_guide_with_its_status_and_code(rule):
    """Whoever gets an error finds it, and what to do about it."""
    outside = rule.value
    row = f"| `{outside.problem}` | {outside.status} | {outside.vp_code or ''}"
    assert row.rstrip() in CASE_SYSTEM_PAGE


def test_the_json_example_of_a_reply_can_be_read():
    """The examples that partners copy are right."""
    example = json.loads((ROOT / "docs/guide/examples/case-message.json").read_text())
    assert case_message_to_json(case_message_from_json(example)) == example


def test_the_json_example_of_a_webhook_can_be_read():
    """The examples that partners copy are right."""
    example = json.loads((ROOT / "docs/guide/examples/webhook.json").read_text())
    supplement = supplement_from_json(example["supplement"])
    assert case_to_json(case_from_json(example["case"])) == example["case"]
    assert supplement_to_json(supplement) == example["supplement"]


@pytest.mark.parametrize("key", [field.name for field in fields(Policy)])
def test_every_key_of_a_policy_is_in_the_integrators_guide_with_its_default(key):
    """A key that nobody can find is no key."""
    default = getattr(Policy(), key)
    written = default if isinstance(default, str) else f"{default:g}"
    assert f"| `{key}` | {written} |" in REGIONS_PAGE


@pytest.mark.parametrize("adapter", SHIPPED)
def test_every_setting_of_an_adapter_is_in_the_integrators_guide(adapter):
    """A setting that nobody can find is no setting."""
    point = EntryPoint(adapter, SHIPPED[adapter], plugins.GROUP)
    found = plugins.found([point])[adapter]
    (row,) = [line for line in REGIONS_PAGE.splitlines() if line.startswith(f"| `{adapter}` |")]
    assert not isinstance(found, Broken)
    assert [name for name in found.Settings.model_fields if f"`{name}`" not in row] == []


@pytest.mark.parametrize(
    ("example", "interaction"),
    [("process-case", "ProcessCase"), ("process-case-message", "ProcessCaseMessage")],
)
def test_the_soap_examples_follow_the_contracts(example, interaction):
    """The examples that partners copy are right."""
    folder = ROOT / f"wsdl/interactions/{interaction}Interaction"
    schema = etree.XMLSchema(etree.parse(folder / f"{interaction}Responder_1.0.xsd"))
    envelope = etree.parse(ROOT / f"docs/guide/examples/{example}.xml")
    (body,) = envelope.xpath("/*/*[local-name()='Body']/*")
    schema.assertValid(body)
