"""Nobody writes without saying who they are: every route, every unsafe method, both doors."""

import dataclasses
import re
from ipaddress import ip_network

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from gateway.facade import http
from gateway.facade.identity import Identity
from gateway.facade.soap.contracts import INTERACTIONS

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
STRANGER, PROXY = "10.0.0.1", "127.0.0.1"
ENVELOPE = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>'
    '<r:LogicalAddress xmlns:r="urn:riv:itintegration:registry:1">SE5560000000-VAXEL'
    '</r:LogicalAddress></e:Header><e:Body><{name} xmlns="{namespace}"/></e:Body></e:Envelope>'
)


@pytest.fixture
def routes(monkeypatch):
    """What the app is made of, when it is made."""
    made = []

    class Told(Starlette):
        def __init__(self, routes, **more):
            made.extend(routes)
            super().__init__(routes=routes, **more)

    monkeypatch.setattr(http, "Starlette", Told)
    return made


@pytest.fixture
def app(doors, routes):
    """The whole app, behind a proxy that it trusts; `routes` are its own."""
    identity = Identity(doors.identity.known, [ip_network(PROXY)])
    return http.make_app(dataclasses.replace(doors, identity=identity))


def paths(routes, prefix=""):
    """Give every address there is, with anything for what varies."""
    for route in routes:
        if isinstance(route, Mount):
            yield from paths(route.routes or [], prefix + route.path)
        else:
            yield prefix + re.sub(r"\{[^}]+\}", "1", route.path)


def called(contract):
    """Write the smallest call."""
    return ENVELOPE.format(name=contract.requests[0], namespace=contract.namespace)


@pytest.mark.parametrize("peer", [STRANGER, PROXY])
def test_no_route_takes_an_unsafe_method_from_anybody(app, routes, peer):
    """Issue 4.8: no anonymous write anywhere; 401, or VP002 and VP011 over SOAP."""
    taken = []
    with TestClient(app, client=(peer, 1)) as client:
        asked = [(method, path) for path in set(paths(routes)) for method in UNSAFE]
        for method, path in asked:
            answer = client.request(method, path, content=called(INTERACTIONS[0]))
            if answer.status_code not in (401, 405) and not _is_denied(answer):
                taken.append((method, path, answer.status_code))
    assert (taken, len(asked) > 150) == ([], True)


@pytest.mark.parametrize(("peer", "code"), [(STRANGER, "VP011"), (PROXY, "VP002")])
@pytest.mark.parametrize("contract", INTERACTIONS, ids=lambda one: one.namespace)
def test_no_contract_is_answered_to_anybody(app, contract, peer, code):
    """Issue 4.8, INTEROP §2.6: also when the call is well written."""
    with TestClient(app, client=(peer, 1)) as client:
        assert code in client.post("/soap", content=called(contract)).text


def _is_denied(answer):
    return answer.status_code == 500 and re.search("VP002|VP011", answer.text)
