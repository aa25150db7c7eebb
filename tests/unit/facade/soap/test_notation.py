"""XML ↔ the one notation."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gateway.domain.errors import Refusal, Rule
from gateway.facade.soap.contracts import INTERACTIONS
from gateway.facade.soap.notation import DOMAIN_NAMESPACE, escaped, read_content, write_content

SERVICE = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"
CONTRACTS = Path(__file__).parents[4] / "wsdl"


def _read(inside):
    xml = f'<x xmlns="{SERVICE}" xmlns:c="{DOMAIN_NAMESPACE}" xmlns:o="urn:o">{inside}</x>'
    return read_content(etree.fromstring(xml), SERVICE)


def test_elements_become_keys_and_attachments_a_list():
    """CONTRACT: element names are the keys of the notation."""
    content = _read(
        "<case><c:kind>COMPLAINT</c:kind><c:attachment><c:fileName/></c:attachment></case>"
    )
    assert content == {"case": {"kind": "COMPLAINT", "attachments": [{"fileName": ""}]}}


def test_extensions_are_passed_over_wherever_they_stand():
    """INTEROP §1.3: newer minor versions; and nothing of another namespace can pass for ours."""
    case = "<case><c:kind>COMPLAINT</c:kind><kind>?</kind><o:kind>?</o:kind></case>"
    assert _read(f"{case}<c:case/><o:case/>") == {"case": {"kind": "COMPLAINT"}}


def test_blanks_around_values_that_are_no_text_mean_nothing():
    """XML Schema: whiteSpace is collapse for all but strings."""
    content = _read(
        "<sentTime>\n2026-03-01T09:30:00Z </sentTime><since> x </since><text> x </text>"
        "<case><c:eventDate> 2026-03-01\t</c:eventDate>"
        "<c:powerOfAttorney> true </c:powerOfAttorney><c:content> aG\nVq </c:content></case>"
    )
    case = {"eventDate": "2026-03-01", "powerOfAttorney": True, "content": "aGVq"}
    assert content.pop("case") == case
    assert content == {"sentTime": "2026-03-01T09:30:00Z", "since": "x", "text": " x "}


@pytest.mark.parametrize("text", ["å", "Q", "Q@==", "QQ==QQ==", "~"])
def test_content_must_be_base64(text):
    """The schema's own check lets much through."""
    with pytest.raises(Refusal) as refused:
        _read(f"<attachment><c:content>{text}</c:content></attachment>")
    assert refused.value.faults[0].rule is Rule.SCHEMA
    assert text not in str(refused.value).replace("attachment", "")


@given(st.text(max_size=20))
def test_any_text_that_xml_can_carry_comes_back_the_same(text):
    """Whatever a citizen writes, the next system reads it."""
    readable = "".join(c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or c >= "\ue000")
    readable = readable.replace("\ufffe", "").replace("\uffff", "")
    assert (etree.fromstring(f"<a>{escaped(readable)}</a>").text or "") == readable


@given(st.text(st.characters(codec=None), max_size=20))
def test_no_text_breaks_an_answer(text):
    """What XML cannot carry is replaced, and markup is only text."""
    assert not len(etree.fromstring(f"<a>{escaped(text)}</a>".encode()))


def test_an_answer_has_its_parts_in_the_namespaces_of_the_schema():
    """INTEROP §1.3: qualified elements; None is left out, lists are repeated."""
    content = {"result": {"resultCode": "OK"}, "caseNumber": None, "warning": ["a", "b"]}
    root = etree.fromstring(write_content("ProcessCaseResponse", SERVICE, content))
    assert [(e.tag, e.text) for e in root.iter() if not len(e)] == [
        (f"{{{DOMAIN_NAMESPACE}}}resultCode", "OK"),
        (f"{{{SERVICE}}}warning", "a"),
        (f"{{{SERVICE}}}warning", "b"),
    ]


def test_every_interaction_has_its_files():
    """The names are made by the rules of INTEROP §1.2, so the files must be where they say."""
    files = [CONTRACTS / file for one in INTERACTIONS for file in (one.wsdl, one.schema)]
    assert all(file.is_file() for file in files)
