"""What a form sends is bounded, and only a form is read as one."""

import anyio
import pytest
from starlette.requests import Request

from gateway.console.forms import read_form
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
    async def receive():
        return {"type": "http.request", "body": body}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    return anyio.run(read_form, Request(scope, receive), largest)


def test_fields_and_files_are_read():
    """A field without a file is no file, and lines end as elsewhere."""
    form = read(FILES, MULTIPART)
    assert form.text("text") == "Hej \ndå"
    assert [(one.file_name, one.content) for one in form.files] == [("a.txt", b"AAA")]


def test_everything_that_was_marked_is_read():
    """As a list of boxes sends it."""
    assert read(b"problems=1&problems=3.4&x=", URL_ENCODED).texts("problems") == ("1", "3.4")


@pytest.mark.parametrize(
    ("body", "kind", "rule"),
    [
        (b"x=" + b"a" * 1000, URL_ENCODED, Rule.TOO_LARGE),
        (b"{}", "application/json", Rule.UNREADABLE),
        (b"nothing", MULTIPART, Rule.UNREADABLE),
        (b"x", "multipart/form-data", Rule.UNREADABLE),
    ],
)
def test_what_is_too_large_or_no_form_is_refused(body, kind, rule):
    """Whatever comes, it is bounded and told."""
    with pytest.raises(Refusal) as refused:
        read(body, kind)
    assert refused.value.faults[0].rule is rule
