"""Reading an MTOM package: byte for byte, each part once, and nothing that would be lost."""

import time
from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gateway.domain.errors import Refusal, Rule
from gateway.facade.soap.mtom import LARGEST_PART_HEAD, MOST_PARTS, is_package, read_package
from tests.mtom import content_type, include, package, part

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
ALL_BYTES = bytes(range(256)) * 3 + b"\r\n--uuid:1a2b-3\r\n\r\n--\r\n\n\r"


def _envelope(inside, encoding="utf-8"):
    prolog = f'<?xml version="1.0" encoding="{encoding}"?>'
    body = f'<e:Body><b xmlns="urn:b">å{inside}</b></e:Body>'
    return f'{prolog}<e:Envelope xmlns:e="{SOAP}">{body}</e:Envelope>'.encode(encoding)


def _one(content=b"x", **told):
    return package(_envelope(f"<c>{include('a')}</c>"), part("a", content, **told))


def _fault(data, media_type=None):
    with pytest.raises(Refusal) as refused:
        read_package(media_type or content_type(), data)
    (fault,) = refused.value.faults
    assert fault.rule is Rule.UNREADABLE
    return fault.message


@pytest.mark.parametrize("encoding", ["binary", "8bit", "7bit", "base64", "BINARY"])
@pytest.mark.parametrize("preamble", [b"", b"\r\n", b"This is a message in MIME.\r\n"])
@pytest.mark.parametrize("end", [b"--", b"--\r\n", b"--\r\nafterwards"])
def test_an_attachment_stands_where_it_was_referred_to(encoding, preamble, end):
    """INTEROP §2.2, FullServiceMtomIT: as base64, like one that was sent inside."""
    data = package(
        _envelope(f"<c> {include('a%40vaxel.test')} </c><d>e</d>"),
        part("a@vaxel.test", ALL_BYTES, encoding),
        preamble=preamble,
        end=end,
    )
    content = read_package(content_type(), data).content
    texts = [element.text for element in content]
    assert [etree.QName(element).localname for element in content.iter()] == ["b", "c", "d"]
    assert texts == [b64encode(ALL_BYTES).decode(), "e"]


def test_the_envelope_is_the_first_part_where_nothing_says_which():
    """RFC 2387 §3.2: `start` may be left out; and the order of the others does not matter."""
    parts = [part("b", b"2"), part("a", b"1")]
    data = package(_envelope(f"<c>{include('a')}</c><c>{include('b')}</c>"), *parts)
    content = read_package(content_type(start=None), data).content
    assert [element.text for element in content] == ["MQ==", "Mg=="]


def test_the_envelope_may_stand_after_its_attachments():
    """RFC 2387 §3.2: `start` names it."""
    last = part("last", _envelope(f"<c>{include('root@vaxel.test')}</c>"))
    data = package(b"an attachment", last)
    content = read_package(content_type(start="<last>"), data).content
    assert content[0].text == b64encode(b"an attachment").decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_an_envelope_in_a_package_has_any_encoding_too(encoding):
    """INTEROP §2.2: by its prolog."""
    data = package(_envelope("", encoding))
    assert read_package(content_type(), data).content.text == "å"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"type": "text/xml"}, "only multipart/related with XOP"),
        ({"type": None}, "only multipart/related with XOP"),
        ({"boundary": None}, "no proper boundary"),
        ({"boundary": ""}, "no proper boundary"),
        ({"boundary": "x" * 71}, "no proper boundary"),
        ({"boundary": "å"}, "no proper boundary"),
        ({"boundary": "another"}, "not as the boundary says"),
        ({"start": "<nobody>"}, "`start` names is not there"),
        ({"start-info": "x" * 1000}, "more than 1000 characters"),
    ],
)
def test_a_content_type_that_does_not_fit_is_refused(changes, words):
    """INTEROP §2.2: VP015."""
    assert words in _fault(_one(), content_type(**changes))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not as the boundary says"),
        (_envelope(""), "not as the boundary says"),
        (_one()[:-20], "not as the boundary says"),
        (_one().replace(b"\r\n", b"\n"), "not as the boundary says"),
        (_one().replace(b"<a>", b"<A>"), "refers to no part"),
        (_one().replace(b"cid:a", b"http://x.test/a"), "refers to no part"),
        (_one().replace(b"cid:a", b"cid:root@vaxel.test"), "refers to no part"),
        (_one().replace(b"Content-ID: <a>", b"Content-Name: a"), "a Content-ID of its own"),
        (package(_envelope(""), part("a", b""), part("a", b"")), "a Content-ID of its own"),
        (package(_envelope(""), part("a", b"")), "nothing refers to 1 of the parts"),
        (package(_envelope(f"<c>x{include('a')}</c>"), part("a", b"")), "hold nothing else"),
        (package(_envelope(f"<c>{include('a')}x</c>"), part("a", b"")), "hold nothing else"),
        (package(_envelope(f"<c>{include('a')}<d/></c>"), part("a", b"")), "hold nothing else"),
        (package(_envelope(f"<c>{include('a')}</c>" * 2), part("a", b"")), "another has taken"),
        (_one(encoding="quoted-printable"), "send each part as binary"),
        (_one(encoding="base64").replace(b"\r\n\r\neA==", b"\r\n\r\ne"), "and is not"),
        (_one().replace(b"Content-ID", b"X: " + b"x" * LARGEST_PART_HEAD), "too large"),
        (package(b"<Soap"), "not well-formed XML"),
    ],
)
def test_a_package_that_is_not_whole_is_refused(data, words):
    """INTEROP §2.2, §2.6: VP015; and an attachment is never dropped (DOMAIN C1)."""
    assert words in _fault(data)


def test_many_parts_are_refused_at_once():
    """Nobody gets us to look through a hundred thousand of them."""
    data = package(_envelope(""), *[part(str(n), b"") for n in range(100_000)])
    started = time.perf_counter()
    assert f"more than {MOST_PARTS} parts" in _fault(data)
    assert time.perf_counter() - started < 10


@given(st.integers(0, 800), st.integers(0, 40), st.binary(max_size=40))
def test_whatever_comes_is_read_or_refused(at, length, instead):
    """INTEROP §2.6: broken anywhere, it is a refusal and nothing else; and never half of it."""
    data = _one(ALL_BYTES, encoding="base64")
    broken = data[:at] + instead + data[at + length :]
    with suppress(Refusal):
        (place,) = read_package(content_type(), broken).content
        assert not len(place)


@pytest.mark.parametrize(
    ("media_type", "is_one"),
    [
        (content_type(), True),
        ("Multipart/Related", True),
        ("text/xml; charset=UTF-8", False),
        ("application/xop+xml", False),
        ("", False),
    ],
)
def test_only_what_has_several_parts_is_a_package(media_type, is_one):
    """INTEROP §2.12: for all else the content type does not matter."""
    assert is_package(media_type) is is_one
