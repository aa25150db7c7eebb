"""What a form sends is bounded, and only a form is read as one."""

import anyio
import pytest
from starlette.requests import Request

from gateway.console.forms import LARGEST_TEXT, FormTooLarge, TextTooLong, read_form
from gateway.domain.errors import Refusal, Rule

URL_ENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
FILES = (
    b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nHej \r\nd\xc3\xa5\r\n'
    b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\nAAA\r\n"
    b'--b\r\nContent-Disposition: form-data; name="files"; filename=""\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n\r\n--b--\r\n"
)


def read(body, kind, largest=1000):
    return read_in_parts([body], largest, kind)


def test_fields_and_files_are_read():
    """A field without a file is no file, and lines end as elsewhere."""
    form = read(FILES, MULTIPART)
    assert form.text("text") == "Hej \ndå"
    assert [(one.file_name, one.read()) for one in form.files] == [("a.txt", b"AAA")]


def test_everything_that_was_marked_is_read():
    """As a list of boxes sends it."""
    form = read(b"problems=1&problems=3.4&x=&text=Hej+d%C3%A5%0D%0A", URL_ENCODED)
    assert (form.texts("problems"), form.text("text")) == (("1", "3.4"), "Hej då")


@pytest.mark.parametrize(
    ("body", "kind", "rule"),
    [
        (b"x=" + b"a" * 1000, URL_ENCODED, Rule.TOO_LARGE),
        (b"{}", "application/json", Rule.UNREADABLE),
        (b"nothing", MULTIPART, Rule.UNREADABLE),
        (b"&" * 900, URL_ENCODED, Rule.UNREADABLE),
        (b"x", "multipart/form-data", Rule.UNREADABLE),
    ],
)
def test_what_is_too_large_or_no_form_is_refused(body, kind, rule):
    """Whatever comes, it is bounded and told."""
    with pytest.raises(Refusal) as refused:
        read(body, kind)
    assert refused.value.faults[0].rule is rule


def test_the_fields_of_a_form_whose_files_are_too_large_are_not_lost():
    """They stand before the files, and the page is shown again with them."""
    with pytest.raises(FormTooLarge) as refused:
        read_in_parts([FILES[:100], b"A" * 500, b"A" * 500, b"A" * 500], 700)
    assert refused.value.form.text("text") == "Hej \ndå"


def test_what_is_too_large_is_heard_to_its_end_within_bounds():
    """A browser that is still sending reads no answer; and nobody is heard for ever."""
    parts = [FILES[:150], *(b"A" * 1000 for _ in range(100))]
    with pytest.raises(FormTooLarge):
        read_in_parts(parts, 1000)
    assert len(parts) == 90


@pytest.mark.parametrize("last", [b"--b--\r\n", FILES[FILES.index(b"--b", 3) :]])
def test_what_is_written_is_bounded_however_large_files_may_be(last):
    """Of no field is a part kept, and the rest is lost in silence."""
    body = FILES[: FILES.index(b"Hej")] + b"<" * LARGEST_TEXT + b"<\r\n" + last
    with pytest.raises(TextTooLong):
        read(body, MULTIPART, 15_000_000)
    with pytest.raises(TextTooLong):
        read(b"text=" + b"a" * LARGEST_TEXT, URL_ENCODED, 15_000_000)


def test_many_texts_are_bounded_together():
    """As a whole page is shown again with them."""
    field = FILES[: FILES.index(b"Hej")] + b"<" * 10_000 + b"\r\n"
    with pytest.raises(TextTooLong):
        read(field * 30 + b"--b--\r\n", MULTIPART, 15_000_000)
    assert len(read(field * 20 + b"--b--\r\n", MULTIPART, 15_000_000).texts("text")) == 20


def test_a_text_that_the_end_of_what_is_taken_cuts_is_too_long():
    """It is no file that was too large."""
    with pytest.raises(TextTooLong):
        read_in_parts([FILES[:60], b"A" * 1000], 700)


def read_in_parts(parts, largest, kind=MULTIPART):
    async def receive():
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    return anyio.run(read_form, Request(scope, receive), largest, 10 * largest)
