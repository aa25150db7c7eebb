"""The identity of somebody unknown fits where identities stand, in both notations (DOMAIN A9)."""

import json
from pathlib import Path

import pytest
from lxml import etree

from adapters.file_drop.writing import WRITERS
from gateway.domain.person import ANONYMOUS_OID
from gateway.facade.rest.bodies import PersonIdBody
from gateway.testing.contract_messages import anonymous

RESPONDER = "wsdl/interactions/ProcessCaseInteraction/ProcessCaseResponder_1.0.xsd"
PERSON = {"oid": ANONYMOUS_OID, "number": anonymous().case.submitter.person_id.number}


@pytest.fixture(scope="module")
def contract():
    return etree.XMLSchema(etree.parse(Path(__file__).parents[2] / RESPONDER))


def test_it_follows_the_contract_over_soap(contract):
    """CONTRACT: as an external system gets it."""
    (written,) = WRITERS["xml"](anonymous()).values()
    contract.assertValid(etree.fromstring(written))
    assert ANONYMOUS_OID.encode() in written


def test_it_follows_the_description_over_rest():
    """CONTRACT: as a webhook has it."""
    (written,) = WRITERS["json"](anonymous()).values()
    assert json.loads(written)["case"]["submitter"] == {"personId": PERSON}
    assert PersonIdBody.model_validate(PERSON).oid == ANONYMOUS_OID


def test_the_contract_says_what_it_is():
    """CONTRACT: so that nobody looks anybody up by it."""
    types = Path(__file__).parents[2] / "wsdl/core_components/complaints_casehandling_1.0.xsd"
    assert f"{ANONYMOUS_OID} is nobody's identity" in types.read_text()
