"""The lent HTTP client, with something in place of the network."""

import httpcore
import httpx
import pytest

from gateway.domain.policy import Policy
from gateway.wire import lent_client, longest_call_s

POLICY = Policy(connect_timeout_s=1.5, read_timeout_s=7.0)
URL = "http://system.test/cases"


class Network(httpx.BaseTransport):
    """Raises or answers what it is told, in turn, and remembers what was asked."""

    def __init__(self, *turns):
        self.turns = list(turns)
        self.asked = []

    def handle_request(self, request):
        self.asked.append(request)
        turn = self.turns.pop(0)
        if isinstance(turn, Exception):
            raise turn
        return turn


def client(network):
    return lent_client(POLICY, lambda _: network)


@pytest.mark.parametrize("failure", [httpx.ConnectError, httpx.ConnectTimeout])
def test_a_failure_to_connect_is_tried_again_within_the_same_call(failure):
    """DESIGN decision 5: seconds belong to one attempt, and nothing was sent yet."""
    network = Network(failure("nobody"), httpx.Response(200))
    assert client(network).post(URL, content=b"x").status_code == 200
    assert [request.read() for request in network.asked] == [b"x", b"x"]


def test_a_second_failure_to_connect_is_told():
    """DESIGN decision 5: minutes to days belong to the outbox."""
    network = Network(httpx.ConnectError("nobody"), httpx.ConnectError("still nobody"))
    with pytest.raises(httpx.ConnectError, match="still nobody"):
        client(network).post(URL)
    assert len(network.asked) == 2


@pytest.mark.parametrize(
    "failure",
    [httpx.ReadTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError],
)
def test_what_may_have_been_sent_is_never_sent_again(failure):
    """DOMAIN C6: whether to repeat is not for the wire to say."""
    network = Network(failure("cut off"))
    with pytest.raises(failure):
        client(network).post(URL)
    assert len(network.asked) == 1


def test_what_was_answered_is_never_sent_again(monkeypatch):
    """DOMAIN C6: also when TLS ends within the answer, which elsewhere is a failure to connect."""
    calls = []

    def ended():
        yield b"{"
        raise httpcore.ConnectError

    def answer(_, request):
        calls.append(request)
        return httpcore.Response(200, content=ended())

    monkeypatch.setattr(httpcore.ConnectionPool, "handle_request", answer)
    with lent_client(POLICY) as client, pytest.raises(httpx.ReadError):
        client.post("http://127.0.0.1:9/")
    assert len(calls) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_answer_is_an_answer_whatever_its_status(status):
    """DESIGN decision 5: patience is the outbox's."""
    network = Network(httpx.Response(status))
    assert client(network).post(URL).status_code == status
    assert len(network.asked) == 1


def test_the_policy_decides_the_time_outs():
    """DOMAIN C2: per destination."""
    network = Network(httpx.Response(200))
    client(network).post(URL)
    timeout = network.asked[0].extensions["timeout"]
    assert timeout == {"connect": 1.5, "read": 7.0, "write": 7.0, "pool": 7.0}


def test_the_longest_call_is_two_connections_and_one_exchange():
    """DOMAIN C6: a lease must be longer than this."""
    assert longest_call_s(POLICY) == pytest.approx(2 * 1.5 + 0.3 + 7.0)


def test_it_says_who_calls():
    """The owner of a system sees in the log who called."""
    network = Network(httpx.Response(200))
    client(network).post(URL)
    assert network.asked[0].headers["User-Agent"].startswith("Vaxel/")


def test_a_redirect_is_not_followed():
    """A case goes to the address in the route table, and to no other."""
    network = Network(httpx.Response(307, headers={"Location": "http://elsewhere.test/"}))
    assert client(network).post(URL).status_code == 307
    assert len(network.asked) == 1


def test_no_cookie_is_kept_from_one_case_to_the_next():
    """An adapter keeps no state, nor does what it is lent."""
    network = Network(httpx.Response(200, headers={"Set-Cookie": "s=1"}), httpx.Response(200))
    lent = client(network)
    lent.post(URL)
    lent.post(URL)
    assert "Cookie" not in network.asked[1].headers


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    """What leaves the house is set in the gateway's settings, not by a shell."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    network = Network(httpx.Response(200))
    assert client(network).post(URL).status_code == 200
