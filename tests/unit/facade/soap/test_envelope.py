"""Reading an envelope: every encoding, no tricks, and nothing of the request in an error."""

import time

import pytest
from lxml import etree

from gateway.domain.errors import Refusal, Rule
from gateway.facade.soap.envelope import MOST_NODES, read_envelope

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
REGISTRY, ADDRESSING = "urn:riv:itintegration:registry:1", "http://www.w3.org/2005/08/addressing"
ADDRESS = f'<a:LogicalAddress xmlns:a="{REGISTRY}">SE1</a:LogicalAddress>'
ATTRIBUTES = " ".join(f"a{n}=''" for n in range(MOST_NODES))
LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))


def _text(body="<b xmlns='urn:b'>å</b>", header=ADDRESS, prolog=""):
    header = f"<e:Header>{header}</e:Header>"
    return f'{prolog}<e:Envelope xmlns:e="{SOAP}">{header}<e:Body>{body}</e:Body></e:Envelope>'


def _fault(data):
    with pytest.raises(Refusal) as refused:
        read_envelope(data if isinstance(data, bytes) else data.encode())
    (fault,) = refused.value.faults
    assert fault.rule is Rule.UNREADABLE
    return fault.message


def test_an_envelope_is_read():
    """INTEROP §2.2: the address from the header, the contract from the body."""
    envelope = read_envelope(_text().encode())
    assert (envelope.address, envelope.namespace) == ("SE1", "urn:b")
    assert envelope.content.text == "å"


@pytest.mark.parametrize(
    ("header", "address"),
    [
        (f'<To xmlns="{ADDRESSING}">SE2</To>', "SE2"),
        (f'<To xmlns="{ADDRESSING}">SE2</To>{ADDRESS}', "SE1"),
        ("<x><LogicalAddress>SE3</LogicalAddress></x>", "SE3"),
        ("<x xmlns='urn:x' LogicalAddress='SE4'/>", None),
        ("<LogicalAddress> SE5 </LogicalAddress>", " SE5 "),
        (f"{ADDRESS}<x><LogicalAddress>SE3</LogicalAddress></x>", "SE1"),
        (f'<To xmlns="{ADDRESSING}">SE2</To><x><LogicalAddress>SE3</LogicalAddress></x>', "SE2"),
        ("<LogicalAddress/>", ""),
        ("", None),
    ],
)
def test_the_address_is_told_by_its_local_name_and_kept_as_written(header, address):
    """INTEROP §2.2: To of BP 2.0 or LogicalAddress of 2.1, nested or not, in any namespace."""
    assert read_envelope(_text(header=header).encode()).address == address


@pytest.mark.parametrize("header", [ADDRESS * 2, f"<x>{ADDRESS}</x><x>{ADDRESS}</x>"])
def test_an_address_that_is_told_twice_is_refused(header):
    """INTEROP §2.2: which of them is meant cannot be known, even when they are the same."""
    assert "one LogicalAddress; it has 2" in _fault(_text(header=header))


@pytest.mark.parametrize(
    ("says", "is_"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-be"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("UTF-16", "utf-8"),
        ("ISO-10646-UCS-9", "utf-8"),
    ],
)
def test_any_encoding_is_read(says, is_):
    """INTEROP §2.2: by the prolog, and as UTF-8 when the prolog is wrong."""
    data = _text(prolog=f'<?xml version="1.0" encoding="{says}"?>').encode(is_)
    assert read_envelope(data).content.text == "å"


def test_comments_and_instructions_are_no_part_of_a_value():
    """A value cannot be cut short by something that nobody sees."""
    body = "<b>a<!-- x -->b<?x y?>c<![CDATA[<]]>&#100;</b>"
    assert read_envelope(_text(body).encode()).content.text == "abc<d"


@pytest.mark.parametrize(
    "subset",
    [
        "",
        "[<!ENTITY x SYSTEM 'file:///etc/hostname'>]",
        "[<!ENTITY % x SYSTEM 'http://127.0.0.1:1/x.dtd'> %x;]",
        "SYSTEM 'http://127.0.0.1:1/x.dtd'",
        "[<!ATTLIST b LogicalAddress CDATA 'SE9'>]",
    ],
)
def test_a_document_type_is_refused(subset):
    """No DTD, no entities of its own, nothing fetched."""
    assert "document type" in _fault(_text(prolog=f"<!DOCTYPE e {subset}>"))


@pytest.mark.parametrize("place", ["<b>&l9;</b>", "<b c='&l9;'/>"])
def test_a_billion_laughs_end_at_once(place):
    """An entity bomb is refused before it goes off."""
    started = time.perf_counter()
    _fault(_text(place, prolog=f"<!DOCTYPE e [<!ENTITY l0 'ha'>{LAUGHS}]>"))
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<b>" * 300 + "</b>" * 300, "ERR_RESOURCE_LIMIT"),
        (f"<b>{'<c/>' * MOST_NODES}</b>", "more than 1000 elements and attributes"),
        (f"<b {ATTRIBUTES}/>", "more than 1000"),
        (f"<b>{'x' * 11_000_000}</b>", "ERR_RESOURCE_LIMIT"),
    ],
    ids=["deep", "many elements", "many attributes", "long text"],
)
def test_what_would_cost_too_much_is_refused(body, words):
    """libxml2's own limits stand, and one more."""
    assert words in _fault(_text(body))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "ERR_DOCUMENT_EMPTY"),
        ("hej", "line 1, column 1"),
        ('{"a": 1}', "line 1, column 1"),
        ("<a><p191212121212></a>", "ERR_TAG_NAME_MISMATCH"),
        (_text("<b>&p191212121212;</b>"), "ERR_UNDECLARED_ENTITY"),
        (_text("<p191212121212:b/>"), "NS_ERR_UNDEFINED_NAMESPACE"),
        (b"\xff\xfe\x00\xd8", "line 1"),
        (_text().encode("latin-1"), "ERR_INVALID_ENCODING"),
        (_text("<b>&#0;</b>"), "ERR_INVALID_CHAR"),
        ("<a/>", "root element must be Envelope"),
        (_text().replace(SOAP, "http://www.w3.org/2003/05/soap-envelope"), "(SOAP 1.1)"),
        (f'<e:Envelope xmlns:e="{SOAP}"/>', "it has 0"),
        (_text(""), "it has 0"),
        (_text("<b/><b/>"), "it has 2"),
        (_text().replace("</e:Envelope>", "<e:Body/></e:Envelope>"), "it has 2"),
    ],
)
def test_what_is_no_envelope_is_refused_without_a_word_of_it(data, words):
    """INTEROP §2.6: VP015; the words of the request may be a person's."""
    message = _fault(data)
    assert words in message
    assert "191212121212" not in message


def test_a_header_is_not_needed_to_read():
    """That the address is missing is told later, with its own code."""
    data = f'<e:Envelope xmlns:e="{SOAP}"><e:Body><b/></e:Body></e:Envelope>'
    envelope = read_envelope(data.encode())
    assert (envelope.address, envelope.namespace) == (None, "")
    assert etree.QName(envelope.content).localname == "b"
