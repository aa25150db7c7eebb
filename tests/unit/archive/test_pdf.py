"""The readable document keeps the promises of PDF/A-2u, as far as can be seen here (DOMAIN E3)."""

import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from gateway.archive.document import Document, Section
from gateway.archive.pdf import to_pdf
from gateway.testing.builders import NOW

RDF = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
ODD = "Åäö é – ”citat” \U0001f600 漢字 عربى \ue000 {nb} a\u0301 \u202e \x07 \t\r\nny rad **fet**"


def document(*texts):
    """A document with these texts."""
    sections = (Section("Vad som har hänt", (("Namn", "Tolvan"),), text) for text in texts)
    return Document("Ärende <2026>", NOW, tuple(sections))


@pytest.fixture(scope="module")
def pdf():
    return to_pdf(document(ODD))


def test_a_long_text_gets_all_its_pages_numbered():
    """DOMAIN E3: there is room for the number at their feet; a warning would be an error here."""
    assert len(re.findall(rb"/Type /Page\b", to_pdf(document("rad\n" * 600)))) >= 10


def test_it_says_which_standard_it_follows(pdf):
    """ISO 19005-2: in metadata that are not compressed."""
    [packet] = re.findall(rb"<x:xmpmeta.*</x:xmpmeta>", pdf, re.DOTALL)
    [told] = etree.fromstring(packet).iter("{*}Description")
    found = [told.get(f"{{{RDF['pdfaid']}}}{name}") for name in ("part", "conformance")]
    assert found == ["2", "U"]
    (title,) = told.iterfind("dc:title//*[@xml:lang]", RDF)
    assert title.text == "Ärende <2026>"
    assert re.search(rb"/Metadata \d+ 0 R", pdf)


def test_it_brings_the_meaning_of_its_colours(pdf):
    """ISO 19005-2: an output intent with a profile."""
    assert re.search(rb"/S /GTS_PDFA1\b", pdf)
    assert re.search(rb"/DestOutputProfile \d+ 0 R", pdf)
    assert b"/OutputIntents" in pdf


def test_every_font_is_in_it_with_the_meaning_of_its_signs(pdf):
    """ISO 19005-2, level U: whoever copies a text gets the text."""
    assert len(re.findall(rb"/Type /FontDescriptor", pdf)) == 2
    assert len(re.findall(rb"/FontFile2 \d+ 0 R", pdf)) == 2
    assert len(re.findall(rb"/Subtype /Type0", pdf)) == len(re.findall(rb"/ToUnicode", pdf)) == 2


@pytest.mark.parametrize(
    "forbidden", [rb"/Encrypt", rb"/JavaScript", rb"/JS\b", rb"/Launch", rb"/EmbeddedFile"]
)
def test_it_has_nothing_that_is_forbidden(pdf, forbidden):
    """ISO 19005-2."""
    assert not re.search(forbidden, pdf)


def test_it_says_who_it_is_and_in_which_language(pdf):
    """ISO 19005-2: an ID, and a version that has all this."""
    assert pdf.startswith(b"%PDF-1.7")
    assert re.search(rb"/ID \[<[0-9A-F]{32}><[0-9A-F]{32}>\]", pdf)
    assert b"/Lang (sv)" in pdf


def test_it_uses_no_glyph_that_the_font_lacks(caplog):
    """ISO 19005-2: a sign without a glyph is told by its code, and the library has no remarks."""
    to_pdf(document(ODD))
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_the_same_document_has_the_same_bytes():
    """DOMAIN E3: whenever it is made."""
    assert to_pdf(document("Text")) == to_pdf(document("Text"))
    later = replace(document("Text"), at=NOW + timedelta(seconds=1))
    assert to_pdf(later) != to_pdf(document("Text"))


def test_a_long_text_goes_on_over_pages():
    """DOMAIN E3: all of it; also what has no blanks to break at."""
    long = to_pdf(document("ord " * 1500, "x" * 3000))
    assert len(re.findall(rb"/Type /Page\b", long)) == 2
