"""What stands around a body has an end, and no other protocol is spoken."""

import asyncio

import pytest
import uvicorn

from gateway.facade import protocol
from gateway.facade.protocol import LARGEST_HEAD, BoundedHead

ANSWER = b"HTTP/1.1 200 OK\r\n"


async def echo(scope, receive, send):
    """Answer with the body."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    length = str(len(body)).encode()
    headers = [(b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def refuse(scope, receive, send):
    """Answer before the body has come."""
    if scope["type"] == "http":
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


async def _exchange(sent, app=echo, most=LARGEST_HEAD):
    config = uvicorn.Config(app, http=BoundedHead, port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.001)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        answer = await asyncio.wait_for(reader.read(most), 3) if sent else b""
    except ConnectionError:
        answer = b""
    writer.close()
    server.should_exit = True
    await serving
    return answer


def exchange(sent, **how):
    """Send bytes to a server of ours, and read what comes first, or `most`: -1 is to the end."""
    return asyncio.run(_exchange(sent, **how))


def request(*headers, body=b""):
    """Write a request."""
    lines = ["POST / HTTP/1.1", "Host: x", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize("upgrade", ["h2c", "websocket"])
def test_a_wish_for_another_protocol_is_left_unheard(upgrade):
    """RFC 9110 §7.8: some clients ask each time, and their body must not be lost."""
    asked = ("Connection: Upgrade, HTTP2-Settings", f"Upgrade: {upgrade}", "HTTP2-Settings: x")
    answer = exchange(request(*asked, "Content-Length: 5", body=b"hello"))
    assert answer.startswith(ANSWER)
    assert answer.endswith(b"hello")


def test_a_text_about_an_upgrade_stays_as_it_is():
    """DOMAIN A4: the line stands in the body, and that is the citizen's."""
    text = b"a\nUpgrade: yes\nc"
    assert exchange(request(f"Content-Length: {len(text)}", body=text)).endswith(text)


def test_a_body_in_small_chunks_is_taken():
    """RFC 9112 §7.1: what stands around each chunk is no flood."""
    chunks = b"".join(b"1\r\na\r\n" for _ in range(LARGEST_HEAD)) + b"0\r\n\r\n"
    answer = exchange(request("Transfer-Encoding: chunked", body=chunks))
    assert answer.startswith(ANSWER)


@pytest.mark.parametrize("line", [b"a:b\r\n", b"a"])
def test_trailers_that_do_not_end_are_hung_up_on(line):
    """The parser would keep all of them."""
    flood = b"0\r\n" + line * (3 * LARGEST_HEAD)
    assert exchange(request("Transfer-Encoding: chunked", body=flood)) == b""


def test_whoever_was_refused_and_goes_silent_is_hung_up_on(monkeypatch):
    """DOMAIN C2: no key is needed to be refused, so none must hold a connection."""
    monkeypatch.setattr(protocol, "LINGER_S", 0.05)
    begun = request("Content-Length: 99999999999", body=b"x" * 1000)
    # It ends; a time-out would be raised.
    exchange(begun, app=refuse, most=-1)


def test_empty_lines_before_a_head_are_no_head():
    """RFC 9112 §2.2: a wish for another protocol after them is left unheard too."""
    asked = ("Connection: Upgrade", "Upgrade: h2c", "Content-Length: 5")
    assert exchange(b"\r\n\r\n" + request(*asked, body=b"hello")).endswith(b"hello")
