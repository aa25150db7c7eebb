"""A document as PDF/A-2u: for reading, now and in a hundred years (DOMAIN E3)."""

import unicodedata
from datetime import UTC
from html import escape

from font_source_sans_pro import font_files_ttf  # type: ignore[import-untyped]  # it has no types
from fpdf import FPDF
from fpdf.enums import Align, DocumentCompliance, XPos, YPos
from fpdf.fonts import CoreFont, TTFFont

from gateway.archive.document import Document, Section

_FONT = "source"
_PRODUCER = "Växel"
_TITLE_PT, _HEADING_PT, _TEXT_PT, _SMALL_PT = 20.0, 13.0, 10.5, 8.0
_LINE_MM, _GAP_MM = 5.2, 4.0
# Stands for the number of pages until it is known, as wide as five digits; no text has it, as the
# font does not.
_PAGES = "\ue000" * 5


def to_pdf(document: Document) -> bytes:
    """Write a document; the same gives the same bytes. What the font lacks is told by its code."""
    pages = _Pages(document)
    for section in document.sections:
        pages.put(section)
    return bytes(pages.output())


class _Pages(FPDF):
    """Pages with a footer that tells which case and which page it is."""

    def __init__(self, document: Document) -> None:
        super().__init__(enforce_compliance=DocumentCompliance.PDFA_2U)
        self.heading = document.title
        self.add_font(_FONT, "", font_files_ttf["SourceSansPro"])
        self.add_font(_FONT, "B", font_files_ttf["SourceSansProBold"])
        self.known = _signs_of(self.fonts[_FONT])
        self.alias_nb_pages(_PAGES)
        self.set_lang("sv")
        self.set_title(document.title)
        self.set_producer(_PRODUCER)
        self.set_creation_date(document.at.astimezone(UTC))
        self.set_xmp_metadata(_xmp(document))
        self.set_auto_page_break(auto=True, margin=22)
        self.add_page()
        self._write(document.title, _TITLE_PT, bold=True)

    def put(self, section: Section) -> None:
        """Write a section after the others."""
        self.ln(_GAP_MM)
        self._write(section.heading, _HEADING_PT, bold=True)
        for label, value in section.rows:
            self._write(label, _SMALL_PT, bold=True)
            self._write(value, _TEXT_PT)
        if section.text:
            self.ln(1)
            self._write(section.text, _TEXT_PT)

    def footer(self) -> None:
        """Write what stands at the foot of each page."""
        self.set_y(-15)
        self.set_font(_FONT, "", _SMALL_PT)
        told = f"{self.heading} – sida {self.page_no()} av {_PAGES}"
        self.cell(0, _LINE_MM, told, align=Align.C)

    def _write(self, text: str, size: float, *, bold: bool = False) -> None:
        self.set_font(_FONT, "B" if bold else "", size)
        line = size * 0.48
        spoken = self._spoken(text)
        self.multi_cell(0, line, spoken, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _spoken(self, text: str) -> str:
        """Give a text in which every character has a glyph, or is told by its code."""
        lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", "    ")
        return "".join(map(self._sign, lines))

    def _sign(self, sign: str) -> str:
        code = ord(sign)
        return sign if code in self.known or sign == "\n" else f"[U+{code:04X}]"


def _signs_of(font: CoreFont | TTFFont) -> frozenset[int]:
    return frozenset(font.cmap if isinstance(font, TTFFont) else ())


def _xmp(document: Document) -> str:
    """Write what the document says of itself; the library would say when it was run."""
    at, title = document.at.astimezone(UTC).isoformat(timespec="seconds"), escape(document.title)
    return f"""\
<x:xmpmeta xmlns:x="adobe:ns:meta/">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about=""
        xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
        xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
        xmlns:xmp="http://ns.adobe.com/xap/1.0/"
        pdf:Producer="{_PRODUCER}"
        pdfaid:conformance="U"
        pdfaid:part="2"
        xmp:CreateDate="{at}"
        xmp:ModifyDate="{at}">
      <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
      <dc:language><rdf:Bag><rdf:li>sv</rdf:li></rdf:Bag></dc:language>
    </rdf:Description>
  </rdf:RDF>
</x:xmpmeta>"""
