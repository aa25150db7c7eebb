"""The lent HTTP client on real sockets, before systems that behave badly."""

import gzip
import socket
import struct
import threading
import time
from contextlib import contextmanager

import httpx
import pytest

from gateway.domain.policy import Policy
from gateway.wire import LARGEST_ANSWER, lent_client, longest_call_s

POLICY = Policy(connect_timeout_s=0.2, read_timeout_s=0.4)
# What a slow machine may need on top of what the policy allows (seconds).
SOON = 30
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def system(*parts, every_s=0.0, calls=1):
    """Answer each of so many calls on one connection with the parts, one by one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        args = (listener, parts, every_s, calls)
        thread = threading.Thread(target=answer, args=args, daemon=True)
        thread.start()
        with lent_client(POLICY) as client:
            yield client, f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join()


def answer(listener, parts, every_s, calls):
    connection, _ = listener.accept()
    with connection:
        for _ in range(calls):
            connection.recv(65536)
            try:
                for part in parts:
                    connection.sendall(part)
                    time.sleep(every_s)
            except OSError:
                return


def test_one_connection_serves_one_call_after_the_other():
    """Connecting costs more than calling."""
    with system(OK, calls=3) as (client, url):
        assert [client.post(url).text for _ in range(3)] == ["ok", "ok", "ok"]


def test_a_connection_that_its_system_may_be_hanging_up_on_is_not_used_again(monkeypatch):
    """DOMAIN C6: a call that meets the end of one would be unclear, though nothing was taken."""
    monotonic = time.monotonic
    with socket.create_server(("127.0.0.1", 0)) as listener, lent_client(Policy()) as client:
        thread = threading.Thread(target=answer_each_once, args=(listener, 2), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        assert client.post(url).text == "ok"
        # gunicorn hangs up after two seconds, the others later.
        monkeypatch.setattr(time, "monotonic", lambda: monotonic() + 1.9)
        assert client.post(url).text == "ok"
    thread.join()


def answer_each_once(listener, connections):
    """Answer one call on each connection, and hang up as soon as something follows."""
    for _ in range(connections):
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(OK)
            connection.recv(1)


def test_a_small_request_is_one_packet():
    """A system that reads once has all of it."""
    told = []
    with socket.create_server(("127.0.0.1", 0)) as listener, lent_client(Policy()) as client:

        def read_once():
            connection, _ = listener.accept()
            with connection:
                told.append(connection.recv(65536))
                connection.sendall(OK)

        thread = threading.Thread(target=read_once)
        thread.start()
        client.post(f"http://127.0.0.1:{listener.getsockname()[1]}/", content=b"a case")
        thread.join()
    assert told[0].endswith(b"a case")


def test_a_refusal_before_a_request_was_sent_whole_is_heard():
    """DOMAIN C4: a system that hangs up may have said why."""
    connected, hung_up = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener, lent_client(Policy()) as client:

        def refuse():
            connection, _ = listener.accept()
            connected.wait(SOON)
            connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
            # Closed with a reset, so that writing fails from here on.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            hung_up.set()

        def body():
            connected.set()
            hung_up.wait(SOON)
            yield b"a case"

        threading.Thread(target=refuse).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        assert client.post(url, content=body()).status_code == 413


@pytest.mark.parametrize(
    "parts",
    [
        [b"HTTP/1.1 200 OK\r\n", *[b"X-Drip: 1\r\n"] * 200],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n", *[b"."] * 200],
    ],
    ids=["headers", "body"],
)
def test_a_system_that_drips_is_broken_off(parts):
    """DOMAIN C2: a slow system holds a slot no longer than the longest call."""
    with system(*parts, every_s=0.1) as (client, url):
        started = time.monotonic()
        with pytest.raises(httpx.ReadTimeout):
            client.post(url)
        assert time.monotonic() - started < longest_call_s(POLICY) + SOON


def test_a_system_that_does_not_read_is_broken_off():
    """DOMAIN C2: nor does one that takes nothing in."""
    with socket.create_server(("127.0.0.1", 0)) as listener, lent_client(POLICY) as client:
        started = time.monotonic()
        with pytest.raises(httpx.WriteTimeout):
            client.post(
                f"http://127.0.0.1:{listener.getsockname()[1]}/", content=b"x" * 30_000_000
            )
        assert time.monotonic() - started < longest_call_s(POLICY) + SOON


@pytest.mark.parametrize(
    "parts",
    [[], [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"], [b"Hello\r\n\r\n"]],
    ids=["before", "within", "no HTTP"],
)
def test_a_connection_that_is_cut_is_told_as_what_was_sent(parts):
    """DOMAIN C6: none of these is a failure to connect."""
    with system(*parts) as (client, url), pytest.raises(httpx.HTTPError) as error:
        client.post(url)
    assert not isinstance(error.value, httpx.ConnectError | httpx.ConnectTimeout)


def test_an_answer_that_is_too_large_is_broken_off():
    """DOMAIN C2: one system cannot harm the others by filling our memory."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    with (
        system(head, *[b"x" * 65536] * (LARGEST_ANSWER // 65536 + 1)) as (client, url),
        pytest.raises(httpx.DecodingError, match="it is over 1048576 bytes"),
    ):
        client.post(url)


@pytest.mark.parametrize("more", [b"", b"Content-Encoding: identity\r\n"])
def test_an_answer_that_is_compressed_is_broken_off(more):
    """DOMAIN C2: a few bytes can unfold to gigabytes."""
    body = gzip.compress(b"0" * 1_000_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n%bContent-Length: %d\r\n\r\n"
    head %= more, len(body)
    with (
        system(head + body) as (client, url),
        pytest.raises(httpx.DecodingError, match="it is compressed"),
    ):
        client.post(url)
