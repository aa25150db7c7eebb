"""A request that is too large is refused as soon as that is seen."""

from dataclasses import replace

import anyio
import pytest

from gateway.domain.errors import Refusal, Rule
from gateway.facade.body import read_body
from gateway.facade.head import read_head


def _read(chunks, largest, content_length=None, encoding=None):
    """Read a body that comes in chunks; gives it and how many chunks were asked for."""
    asked = []

    async def receive():
        asked.append(1)
        if len(asked) > len(chunks):
            return {"type": "http.disconnect"}
        more = len(asked) < len(chunks) or content_length == "hung up"
        return {"type": "http.request", "body": chunks[len(asked) - 1], "more_body": more}

    told = {b"content-length": content_length, b"content-encoding": encoding}
    headers = [(name, value.encode()) for name, value in told.items() if value is not None]
    return anyio.run(read_body, read_head(headers), receive, largest), len(asked)


def _refused(*arguments):
    with pytest.raises(Refusal) as refused:
        _read(*arguments)
    return refused.value.faults[0].rule


def test_a_body_is_put_together():
    """As many bytes as are allowed are taken."""
    assert _read([b"ab", b"", b"c"], 3) == (b"abc", 3)


@pytest.mark.parametrize("told", [None, "1", "0", "²", "-1", "x"])
def test_the_bytes_are_counted_whatever_the_caller_says(told):
    """A Content-Length that lies does not help."""
    assert _refused([b"ab", b"cd"], 3, told) is Rule.TOO_LARGE


@pytest.mark.parametrize("told", ["4", "9" * 5000])
def test_a_body_that_says_it_is_too_large_is_not_read(told):
    """Nothing is read, so nothing is waited for."""
    assert _refused([], 3, told) is Rule.TOO_LARGE


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, deflate"])
def test_a_compressed_body_is_refused_unread(encoding):
    """A few bytes can unfold to gigabytes; whoever sent them is told what to do."""
    with pytest.raises(Refusal) as refused:
        _read([], 3, encoding=encoding)
    (fault,) = refused.value.faults
    assert (fault.rule, fault.where) == (Rule.UNREADABLE, "Content-Encoding")
    assert fault.message == "send the request uncompressed, without this header"


@pytest.mark.parametrize("encoding", ["identity", "Identity", ""])
def test_a_body_may_say_that_it_is_not_compressed(encoding):
    """RFC 9110 §8.4.1: identity means nothing."""
    assert _read([b"a"], 3, encoding=encoding)[0] == b"a"


def test_a_compressed_call_is_vp015(post, envelope, submitted, read):
    """INTEROP §2.6: not as XML that is not well-formed."""
    told = read(post(envelope(submitted()), **{"content-encoding": "gzip"}))
    assert told["faultstring"].startswith("VP015 ")
    assert "uncompressed" in told["detailString"]


def test_a_caller_that_hangs_up_is_told_so():
    """Half a request is none."""
    assert _refused([b"a"], 3, "hung up") is Rule.UNREADABLE


def test_a_large_request_is_taken_up_to_the_limit(post, envelope, submitted, read):
    """DOMAIN D4: attachments make requests large; libxml2 takes ten million characters of text."""
    file = "<c:fileName>a.txt</c:fileName><c:mediaType>text/plain</c:mediaType>"
    attachment = f"{file}<c:content>{'QUJD' * 1_700_000}</c:content>"
    assert read(post(envelope(submitted(attachment=attachment))))["resultCode"] == "OK"


def test_a_request_over_the_limit_is_vp015(doors, client_of, envelope, submitted, read):
    """INTEROP §2.6: not readable, and the size is told."""
    data = envelope(submitted())
    client = client_of(replace(doors, largest_request=len(data) - 1))
    told = read(client.post("/soap", content=data))
    assert told["faultstring"].startswith("VP015 ")
    assert f"larger than {len(data) - 1} bytes" in told["detailString"]
