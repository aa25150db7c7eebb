"""Ports for servers that are started a moment later."""

import socket

import pytest

from gateway.testing import ports


@pytest.fixture
def taken():
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", ports.free_port())) as server:
        yield server.getsockname()[1]


def test_one_that_is_taken_is_not_given(taken, monkeypatch):
    """And none is given twice, to programs that start at the same time."""
    monkeypatch.setattr(ports, "_PORTS", range(taken - 3, taken + 4))
    monkeypatch.setattr(ports, "_is_free", lambda port: port != taken)
    assert sorted(ports.free_ports(6)) == [*range(taken - 3, taken), *range(taken + 1, taken + 4)]
    with pytest.raises(OSError, match="fewer than 7"):
        ports.free_ports(7)


def test_who_listens_is_noticed(taken):
    """A port is tried as a server would take it."""
    assert not ports._is_free(taken)
