"""What stands around a body has an end, and no other protocol is spoken."""

import asyncio
from pathlib import Path

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


async def _exchange(sent, app=echo, most=LARGEST_HEAD, *, says_no_more=False):
    config = uvicorn.Config(app, http=BoundedHead, port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.001)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    if says_no_more:
        writer.write_eof()
    try:
        answer = await asyncio.wait_for(reader.read(most), 30) if sent else b""
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


def test_a_client_that_says_no_more_is_answered():
    """RFC 9112 §9.6: it has closed its half of the connection, and reads the other."""
    sent = request("Content-Length: 5", body=b"hello")
    assert exchange(sent, says_no_more=True, most=-1).endswith(b"hello")


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


async def _held(parts, app=echo, pause=0.0, within=0.8, patience=0.1):
    hurried = type("Hurried", (BoundedHead,), {"PATIENCE_S": patience})
    config = uvicorn.Config(app, http=hurried, port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.001)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    came = asyncio.create_task(_all_of(reader))
    for part in parts:
        writer.write(part)
        await asyncio.sleep(pause)
    ended, _ = await asyncio.wait([came], timeout=within)
    writer.close()
    server.should_exit = True
    await serving
    return bool(ended), await came


async def _all_of(reader):
    came = b""
    try:
        while part := await reader.read(LARGEST_HEAD):
            came += part
    except ConnectionError:
        pass
    return came


def held(*parts, **how):
    """Send parts, with pauses; tell whether we were then soon hung up on, and what came."""
    return asyncio.run(_held(parts, **how))


NOTHING_MORE, BEGUN = request("Content-Length: 0"), request("Content-Length: 9", body=b"x")


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"POST / HTTP/1.1\r\nHost: x\r\n",),
        (BEGUN,),
        (NOTHING_MORE, b"POST"),
        (NOTHING_MORE, b"\r\n"),
    ],
)
def test_whoever_goes_silent_is_hung_up_on(parts):
    """RFC 9112 §9.5: no key is needed to connect, so nobody may hold connections by silence."""
    hung_up, _ = held(*parts, pause=0.01, within=30)
    assert hung_up


@pytest.mark.parametrize("parts", [[b"\r\n"] * 25, [b"POST / HTTP/1.1\r\n", *[b"a: b\r\n"] * 25]])
def test_a_head_that_comes_by_drops_is_hung_up_on(parts):
    """RFC 9112 §9.5: it has a time for the whole, as it is small."""
    hung_up, _ = held(*parts, pause=0.03, within=0.5, patience=0.6)
    assert hung_up


def test_between_requests_a_connection_is_kept_as_long_as_the_server_says():
    """RFC 9112 §9.3: the patience is for requests that have begun; uvicorn waits five seconds."""
    hung_up, came = held(NOTHING_MORE)
    assert not hung_up
    assert came.startswith(ANSWER)


def test_a_slow_body_that_does_not_stop_is_taken():
    """DOMAIN A1: a large case over a poor line takes its time."""
    _, came = held(BEGUN, *[b"x"] * 8, pause=0.2, patience=1.0)
    assert came.endswith(b"x" * 9)


def test_a_head_has_its_time_from_its_first_byte_on():
    """RFC 9112 §9.3: however long ago the connection was made."""
    whole = NOTHING_MORE
    _, came = held(b"", whole[:9], whole[9:], pause=0.7, patience=1.1)
    assert came.startswith(ANSWER)


async def slowly(scope, receive, send):
    """Take long to send an answer, and listen meanwhile for whether it is read."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200})
        await receive()
        listening = asyncio.create_task(receive())
        for _ in range(3):
            await asyncio.sleep(0.15)
            await send({"type": "http.response.body", "body": b"part", "more_body": True})
        await send({"type": "http.response.body", "body": b"end"})
        await listening


@pytest.mark.parametrize("behind", [b"", b"POST / HT", BEGUN])
def test_whoever_is_being_answered_is_not_hung_up_on(behind):
    """DOMAIN B12: a catalogue is long; and whatever has come of the next request meanwhile."""
    _, came = held(NOTHING_MORE + behind, app=slowly)
    assert b"end" in came


def test_whoever_is_answered_before_all_was_sent_is_not_hung_up_on():
    """RFC 9112 §9.6: nobody needs to send the rest, and the answer is not to be lost."""
    _, came = held(BEGUN, app=slowly)
    assert b"end" in came


async def think(scope, receive, send):
    """Take long before the body is wanted."""
    if scope["type"] == "http":
        await asyncio.sleep(0.3)
        await echo(scope, receive, send)


@pytest.mark.parametrize(
    "sent", [NOTHING_MORE, request("Content-Length: 5", "Expect: 100-continue")]
)
def test_whoever_waits_for_us_is_not_hung_up_on(sent):
    """RFC 9110 §10.1.1: for an answer, or to be asked for the body."""
    _, came = held(sent, app=think)
    assert came.startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("name", ["serve", "work"])
def test_a_process_of_ours_may_hold_many_connections(name):
    """Each takes a file, and the usual limit is a thousand."""
    units = Path(__file__).parents[3] / "deploy" / "systemd"
    assert "\nLimitNOFILE=65536\n" in (units / f"vaxel-{name}.service").read_text()


async def _answered_at_length(parts_read):
    """Answer with much to a client that reads so many parts of it, and then nothing."""
    told = asyncio.Event()

    async def tell(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(LONG):
            await send({"type": "http.response.body", "body": PART, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        told.set()

    class Impatient(BoundedHead):
        PATIENCE_S = 0.2

    config = uvicorn.Config(tell, http=Impatient, port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.001)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**16)
    writer.write(request("Content-Length: 0"))
    read = 0
    for _ in range(parts_read):
        read += len(await reader.readexactly(len(PART)))
        await asyncio.sleep(0.02)
    await asyncio.wait_for(told.wait(), 30)
    writer.close()
    server.should_exit = True
    await serving
    return read


PART = b"x" * 2**20
LONG = 32


def test_whoever_takes_nothing_of_an_answer_is_hung_up_on():
    """DOMAIN C2: what nobody reads must not lie in memory; told at all means hung up on."""
    assert asyncio.run(_answered_at_length(0)) == 0


def test_whoever_reads_slowly_gets_all():
    """DOMAIN D1: a slow line takes its time."""
    assert asyncio.run(_answered_at_length(LONG)) == LONG * len(PART)
