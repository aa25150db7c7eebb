"""A gateway that ends TLS itself, as operators run it: real processes, real certificates."""

import json
import re
import signal
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from gateway.testing.certificates import make_authority
from gateway.testing.ports import free_port
from gateway.testing.process import running_command, write_settings

RULES = Path(__file__).parent.parent.parent / "routing_rules"
UNIT, SYSTEM = "SE2321009101-HCGR", "SE2321009101-AVVIKELSE"
KEY = ECKey.generate_key("P-256", {"kid": "one"})
PICKUPS = "/api/v1/pickups"


@pytest.fixture
def authority(tmp_path):
    """Who signs for all."""
    return make_authority(tmp_path)


@pytest.fixture
def own(authority):
    """The certificate and key of the gateway."""
    return authority.issue("server", hosts=["localhost"])


@pytest.fixture
def issuer(authority):
    """Somebody who issues tokens, and tells its keys over https."""
    issued = authority.issue("issuer", hosts=["localhost"])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.certificate, issued.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"https://localhost:{server.server_address[1]}/keys"
    server.shutdown()
    server.server_close()


class Keys(BaseHTTPRequestHandler):
    """Gives the public key to whoever asks."""

    def do_GET(self):
        """Answer with a JWKS."""
        told = json.dumps({"keys": [KEY.as_dict()]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format, *args):
        """Say nothing."""


def write(folder, own, authority, issuer="https://localhost:1/keys"):
    """Write settings with TLS, and a case system that is a client of the issuer."""
    write_settings(folder, RULES, (UNIT,), SYSTEM)
    file = folder / "vaxel.toml"
    text = re.sub(r'(role = "case-system")', r'\1\noauth_client = "avvikelse"', file.read_text())
    tables = f"""
[tls]
certificate = "{own.certificate}"
key = "{own.key}"
client_ca = "{authority.certificate}"
[oauth]
issuer = "https://issuer.example"
audience = "vaxel"
jwks = "{issuer}"
"""
    file.write_text(text.replace('["127.0.0.1/32"]', "[]") + tables)


def token():
    """Sign a token of the case system."""
    claims = {"iss": "https://issuer.example", "aud": "vaxel", "client_id": "avvikelse"}
    return jwt.encode({"alg": "ES256", "kid": "one"}, claims | {"exp": time.time() + 60}, KEY)


def wait_until(what):
    """Wait until it is true."""
    until = time.monotonic() + 20
    while not what():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)


def answers(url, context):
    """Tell whether the gateway is there, with a certificate that this context trusts."""
    try:
        return httpx.get(f"{url}/health/live", verify=context).is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def gateway(tmp_path, own, authority, issuer, monkeypatch):
    """Run `vaxel serve`, which trusts the issuer: where it is, and its process."""
    write(tmp_path, own, authority, issuer)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    port = free_port()
    with running_command(tmp_path, "serve", bind=f"127.0.0.1:{port}") as process:
        url = f"https://localhost:{port}"
        wait_until(lambda: answers(url, authority.client_context()))
        yield url, process


def test_systems_are_known_by_certificates_and_by_tokens(tmp_path, gateway, authority):
    """Issue 4.8: TLS ends here, and the issuer's keys come over https."""
    system = authority.client_context(authority.issue("system", serial_number=SYSTEM))
    with httpx.Client(base_url=gateway[0], verify=system) as client:
        assert client.get(PICKUPS).status_code == 200
    shown = token()
    with httpx.Client(base_url=gateway[0], verify=authority.client_context()) as client:
        assert client.get(PICKUPS).status_code == 401
        bearer = {"Authorization": f"Bearer {shown}"}
        assert client.get(PICKUPS, headers=bearer).status_code == 200
    assert shown not in (tmp_path / "log").read_text()


def test_certificates_are_renewed_without_a_stop(tmp_path, gateway, own, authority):
    """Issue 4.8: SIGHUP reads the files anew."""
    url, process = gateway
    other = make_authority(tmp_path / "new")
    renewed = other.issue("server", hosts=["localhost"])
    own.certificate.write_bytes(renewed.certificate.read_bytes())
    own.key.write_bytes(renewed.key.read_bytes())
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: answers(url, other.client_context()))
    assert not answers(url, authority.client_context())


@pytest.mark.parametrize("command", ["serve", "check"])
def test_files_that_cannot_be_used_are_told_at_the_start(tmp_path, own, authority, command):
    """DOMAIN G5: in plain words, with exit code 1."""
    write(tmp_path, own, authority)
    own.key.unlink()
    with running_command(tmp_path, command, bind="127.0.0.1:0") as process:
        assert process.wait(60) == 1
    told = (tmp_path / "log").read_text()
    assert f"tls.key: {own.key} cannot be read" in told.replace("\n", " ")
    assert "Traceback" not in told
