"""PingForConfiguration tells that the gateway answers, and which it is."""

from importlib.metadata import version

import pytest

NAMESPACE = "urn:riv:itintegration:monitoring:PingForConfigurationResponder:1"
GATEWAY = "SE5560000000-VAXEL"


@pytest.fixture
def ping(post, envelope):
    """Ping, as a monitor does."""

    def send(**headers):
        inside = "<serviceContractNamespace>urn:x</serviceContractNamespace><logicalAddress/>"
        element = f'<PingForConfiguration xmlns="{NAMESPACE}">{inside}</PingForConfiguration>'
        return post(envelope(element, GATEWAY), **headers)

    return send


def test_a_ping_is_answered_with_version_and_swedish_time(ping, read):
    """INTEROP §3.10: valid by its schema, with a version; the clock stands at 08:30 UTC."""
    told = read(ping())
    assert (told["version"], told["pingDateTime"]) == (version("vaxel"), "20260302093000")


def test_a_ping_tells_which_gateway_and_which_routes(ping):
    """INTEROP §3.10: names and values."""
    text = ping().text
    assert "<r:name>Applikation</r:name><r:value>vaxel-test</r:value>" in text
    assert "<r:name>RouteTableVersion</r:name><r:value>1</r:value>" in text


def test_a_stranger_gets_no_answer_to_a_ping(ping, read):
    """INTEROP §2.6: deny by default."""
    assert read(ping(sender="SE0000000000-NOBODY"))["faultstring"].startswith("VP007 ")
