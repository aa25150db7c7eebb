"""Holding a request against its schema: place and rule are told, values never."""

from pathlib import Path

import pytest
from lxml import etree

from gateway.domain.errors import Rule
from gateway.facade.soap.contracts import load_contracts
from gateway.facade.soap.schema import MOST_FAULTS, XS, schema_faults

DOMAIN = "urn:riv-application:complaints:casehandling"
FOLDER = Path(__file__).parents[4] / "wsdl"
CONTRACTS = load_contracts(FOLDER)
SCHEMA = CONTRACTS[f"{DOMAIN}:ProcessCaseResponder:1"].schema
NUMBER = "191212121212"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def _faults(xml):
    return schema_faults(SCHEMA, etree.fromstring(xml))


def test_a_good_request_has_no_faults(submitted):
    """INTEROP §1.3: an extension of somebody else's is good too."""
    extension = '</case><x:new xmlns:x="urn:x">1</x:new>'
    assert _faults(submitted().replace("</case>", extension)) == []


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"kind": NUMBER}, "ProcessCase/case/kind", "must be COMPLAINT or FEEDBACK"),
        ({"eventDate": NUMBER}, "ProcessCase/case/eventDate", "must be a date such as"),
        ({"eventDate": "2026-03-01Z"}, "ProcessCase/case/eventDate", "PATTERN_VALID: must be"),
        ({"eventDate": "2026-02-30"}, "ProcessCase/case/eventDate", "must be a date such as"),
        ({"description": NUMBER * 1700}, "ProcessCase/case/description", "at most 20000"),
        ({"caseId": ""}, "ProcessCase/case/caseId", "1 to 256 characters"),
        ({"caseId": " x"}, "ProcessCase/case/caseId", "without blanks at the ends"),
        ({"caseId": "\u2003x"}, "ProcessCase/case/caseId", "without blanks at the ends"),
        ({"caseId": "x\xa0"}, "ProcessCase/case/caseId", "without blanks at the ends"),
        ({"caseId": "e\t1"}, "ProcessCase/case/caseId", "no control characters"),
        ({"caseId": "e\x7f1"}, "ProcessCase/case/caseId", "no control characters"),
        ({"caseId": "e&#x85;1"}, "ProcessCase/case/caseId", "no control characters"),
        ({"description": None}, "ProcessCase/case", "missing here; expected is description"),
        ({"description": f"<p{NUMBER}/>"}, "ProcessCase/case/description", "look at the schema"),
        (
            {"submitter": f"<c:personId><c:oid>{NUMBER}</c:oid></c:personId>"},
            "ProcessCase/case/submitter/personId/oid",
            "must be an OID",
        ),
    ],
)
def test_a_fault_tells_the_place_and_the_rule(submitted, changes, where, words):
    """DOMAIN A8: the value may be personal, and is not shown."""
    fault = _faults(submitted(**changes))[0]
    assert (fault.rule, fault.where) == (Rule.SCHEMA, where)
    assert words in fault.message
    assert NUMBER not in fault.message


@pytest.mark.parametrize(
    "extra",
    [
        f"<p{NUMBER}>x</p{NUMBER}>",
        f'<a xmlns="urn:x:Expected-is({NUMBER})">x</a>',
        f'<p{NUMBER}:a xmlns:p{NUMBER}="{DOMAIN}:1"/>',
        NUMBER,
        f"<reason p{NUMBER}='{NUMBER}'>x</reason>",
        f'<reason xmlns:i="{XSI}" i:type="{NUMBER}">x</reason>',
    ],
)
def test_nothing_that_the_caller_made_up_is_told(submitted, extra):
    """DOMAIN A8: names, prefixes, namespaces and attributes are values too."""
    faults = _faults(submitted().replace("</ProcessCase>", f"{extra}</ProcessCase>"))
    assert all(NUMBER not in f"{fault.where}{fault.message}" for fault in faults)


@pytest.mark.parametrize(
    ("tag", "where"), [("case", "ProcessCase/case"), ("c:kind", "ProcessCase/case/kind")]
)
def test_an_unknown_attribute_is_named_with_its_element(submitted, tag, where):
    """What is wrong, where, and what to do; not what it was set to."""
    request = submitted().replace(f"<{tag}>", f'<{tag} lang="{NUMBER}" x="1">', 1)
    (fault,) = _faults(request)
    assert fault.where == where
    assert fault.message.endswith(": has no attribute lang, x here; leave it out")
    assert NUMBER not in fault.message


def test_an_element_that_is_not_expected_is_told_by_its_place(submitted):
    """The words of the schema say what was expected."""
    request = submitted().replace("<c:answerWanted>", "<c:kind>FEEDBACK</c:kind><c:answerWanted>")
    (fault,) = _faults(request)
    assert fault.where == "ProcessCase/case/kind[2]"
    assert fault.message.endswith("this element is not expected here; expected is answerWanted")


def test_only_the_first_faults_are_told(submitted):
    """A request of nothing but faults does not get an answer of the same size."""
    file = "<c:fileName/><c:mediaType/><c:content>Q</c:content>"
    request = submitted(attachment="</c:attachment><c:attachment>".join([file] * 9))
    faults = _faults(request)
    assert len(faults) == MOST_FAULTS
    assert faults[2].where == "ProcessCase/case/attachment[1]/content"


def test_every_element_name_has_one_type_of_value_in_its_namespace():
    """The words about a value are found by its element's name."""
    trees = [etree.parse(file) for file in FOLDER.rglob("*_1.0.xsd")]
    simple = {s.get("name") for tree in trees for s in tree.iter(f"{{{XS}}}simpleType")}
    types = {
        (
            tree.getroot().get("targetNamespace"),
            e.get("name"),
            e.get("type", "").rpartition(":")[2],
        )
        for tree in trees
        for e in tree.iter(f"{{{XS}}}element")
    }
    names = [type_[:2] for type_ in types if type_[2] in simple]
    assert sorted(names) == sorted(set(names))
