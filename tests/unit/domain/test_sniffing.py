"""What a file is, its bytes say (DOMAIN D4)."""

import io
import struct
import zipfile

import pytest
from fpdf import FPDF

from gateway.domain.sniffing import Sniffer, is_media_type
from gateway.scanner import recognise
from gateway.testing.small_files import JPEG, PDF, PNG

TEXT = "Jag fick vänta i sex timmar – hela natten.\r\n\tSå var det.\n"


def printed():
    """Print a letter as a PDF, as a word processor does."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.cell(text="Hej")
    return bytes(pdf.output())


def packed(before=b""):
    """Pack a file, after something else."""
    made = io.BytesIO()
    made.write(before)
    with zipfile.ZipFile(made, "a") as pack:
        pack.writestr("page.html", "<script>")
    return made.getvalue()


def disputed(media_type, data, size=7):
    """Let a file pass in small parts; tells why it is not what it is said to be."""
    sniffer = Sniffer(media_type, recognise)
    for start in range(0, len(data), size):
        sniffer.see(data[start : start + size])
    return sniffer.dispute()


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("application/pdf", printed()),
        ("application/pdf", PDF),
        ("application/pdf", PDF + b"\r\n\x00\n"),
        ("image/png", PNG),
        ("image/jpeg", JPEG),
        ("image/jpeg", JPEG + b"SEFHe\x00\x00\x00SEFT"),
        ("text/plain", TEXT.encode()),
        ("text/plain", TEXT.encode("utf-8-sig")),
        ("text/plain", TEXT.encode("cp1252")),
        ("text/plain", TEXT.replace("–", "-").encode("latin-1")),
        ("text/plain", b""),
        ("text/plain", b"Om a < b och <b> fett, #! och PK: 5 % av %PDF"),
        ("text/plain", b"From: Tolvan\nSubject: VB"),
        ("text/plain", b"BM GIF II* DOS"),
    ],
)
def test_a_file_is_what_it_is_said_to_be(media_type, data):
    """DOMAIN D4: also what phones and scanners add, and both ways to write å, ä and ö."""
    assert disputed(media_type, data) is None


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "image/jpeg"])
@pytest.mark.parametrize("data", [b"", b"%", b"Hej", b"MZ\x90\x00", packed(), b"<svg>"])
def test_what_is_of_no_known_form_is_no_picture_and_no_letter(media_type, data):
    """DOMAIN D4: a lie."""
    assert disputed(media_type, data) is not None


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("application/pdf", PNG),
        ("image/png", JPEG),
        ("image/jpeg", PNG),
        ("image/jpeg", PDF),
        ("text/plain", PNG),
        ("text/plain", PDF),
    ],
)
def test_one_form_is_not_another(media_type, data):
    """DOMAIN D4: a lie."""
    assert disputed(media_type, data) is not None


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("application/pdf", b"\n" + PDF),
        ("application/pdf", b"<html><script>" + PDF),
        ("application/pdf", PDF + b"<script>alert(1)</script>"),
        ("application/pdf", PDF[:-7]),
        ("application/pdf", packed(PDF)),
        ("application/pdf", packed(PDF) + b"%%EOF"),
        ("image/png", PNG[:-4]),
        ("image/png", PNG + b"<script>"),
        ("image/png", packed(PNG)),
        ("image/jpeg", packed(JPEG)),
        ("image/jpeg", JPEG + b"<SCRIPT >alert(1)</script>"),
        ("image/jpeg", JPEG + b"<?php echo 1;"),
    ],
)
def test_what_can_be_read_as_two_things_is_neither(media_type, data):
    """DOMAIN D4: whoever gets it may open it as the other."""
    assert disputed(media_type, data) is not None


def an_end(comment):
    """Make the last record of a ZIP, that says how long a comment comes after it."""
    return b"PK\x05\x06" + bytes(16) + struct.pack("<H", comment)


@pytest.mark.parametrize("media_type", ["application/pdf", "image/jpeg", "image/png"])
def test_a_zip_is_found_behind_an_end_that_is_none(media_type):
    """DOMAIN D4: programs look on for one that fits, or take the one that does not."""
    before, after = {
        "application/pdf": (PDF, b"%%EOF"),
        "image/jpeg": (JPEG, b""),
        "image/png": (PNG[:-12], PNG[-12:]),
    }[media_type]
    zipped = packed(before)
    hidden = zipped[:-2] + struct.pack("<H", 22 + len(after)) + an_end(999) + after
    assert disputed(media_type, hidden) is not None
    misleading = zipped[:-2] + struct.pack("<H", 999) + after
    assert disputed(media_type, misleading) is not None


def test_what_looks_like_the_end_of_a_zip_in_a_picture_is_let_be():
    """DOMAIN D4: four bytes may stand anywhere."""
    assert disputed("image/png", PNG[:-12] + an_end(999) + PNG[-12:]) is None
    assert disputed("image/png", PNG[:-12] + b"PK\x05\x06" + PNG[-12:]) is None


def test_a_zip_whose_comment_is_a_picture_is_found():
    """DOMAIN D4: the last record of a ZIP may stand far from the end."""
    comment = b"\x00" * 40_000 + PNG[-12:]
    end = b"PK\x05\x06" + bytes(16) + struct.pack("<H", len(comment))
    assert disputed("image/png", PNG[:-12] + end + comment, size=4096) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><p>Hej",
        b"  \n<HTML>",
        b"\xef\xbb\xbf<html>",
        b"Hej <script>alert(1)</script>",
        b"<svg onload='alert(1)'>",
        b"<?xml version='1.0'?><svg/>",
        b"<?php system('ls');",
        b"#!/bin/sh\nls\n",
        b"{\\rtf1 Hej}",
        b"%!PS-Adobe-3.0\n",
        b"%PDF-1.4 Hej",
        b"-----BEGIN PGP MESSAGE-----\n",
        TEXT.encode("utf-16"),
        b"Hej\x00",
        b"Hej\x1b[2J",
        b"Hej\x7f",
        b"\x81\x8d",
        "Hej\x9b2J".encode(),
        bytes(range(256)),
    ],
)
def test_what_runs_or_draws_or_controls_is_no_plain_text(data):
    """DOMAIN D4: a page, a program or a terminal's commands, passed off as text."""
    assert disputed("text/plain", data) is not None


def test_a_letter_cut_in_the_middle_of_a_character_is_read_as_western():
    """DOMAIN D4: what is no UTF-8 may still be text."""
    assert disputed("text/plain", "Hejå".encode()[:-1]) is None


def test_a_fault_at_the_end_of_a_large_text_is_found():
    """DOMAIN D4: all of it is looked at, and little of it held."""
    assert disputed("text/plain", b"Hej. " * 50_000 + b"\x00", size=8192) is not None


def test_a_type_that_operators_add_is_told_by_its_signature():
    """DESIGN: media types are a setting."""
    gif = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
    assert disputed("image/gif", gif) is None
    assert disputed("image/gif", PNG) is not None
    assert disputed("application/x-nobody-knows", PNG) is not None


@pytest.mark.parametrize(
    "text",
    [
        "text/plain",
        "Text/Plain;charset=UTF-8",
        "text/plain ; charset=utf-8; format=flowed",
        'text/plain; name="a \\"b\\" c;d"',
        "text/plain;",
        "application/vnd.a+xml",
    ],
)
def test_a_media_type_is_as_headers_have_it(text):
    """RFC 9110 §8.3.1."""
    assert is_media_type(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        " text/plain",
        "text/plain\n",
        "text/plain;\r\nX-Evil: 1",
        "text/plain;\x00",
        "text/plain;€",
        "text/plain; name=å",
        'text/plain; name="å"',
        'text/plain; name="a\nb"',
        'text/plain; name="a',
        "text/plain; name",
        "text/plain, text/html",
        "text/plain; a=" + "a" * 127,
        "text/plain" + " ;" * 55 + "  é",
    ],
)
def test_what_no_header_can_carry_is_no_media_type(text):
    """DOMAIN D4: the file could be taken in, and never be fetched."""
    assert not is_media_type(text)
