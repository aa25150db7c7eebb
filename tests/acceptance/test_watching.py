"""Metrics and alerts of real processes: what an operator's monitor sees."""

import json
import shutil
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue

import httpx
import pytest

from gateway.testing.certificates import make_authority
from gateway.testing.ports import free_port
from gateway.testing.process import running_command, running_gateway, write_settings

ROOT = Path(__file__).parents[2]
UNIT = "SE2321009101-HCGR"
# Its complaints go to a system, which nobody runs here.
SYSTEMS_UNIT = "SE2321009202-SUS"
ACCEPTED = 'vaxel_cases_accepted_total{door="rest",kind="COMPLAINT"} 1.0'
DELIVERED = 'state="delivered"} 1.0'


@pytest.fixture
def folder(tmp_path):
    """Give a working folder with a copy of the example regions."""
    shutil.copytree(ROOT / "routing_rules", tmp_path / "routing_rules")
    write_settings(tmp_path, tmp_path / "routing_rules", (UNIT,), "TEST-SYSTEM")
    return tmp_path


def submit(gateway, unit=UNIT):
    """Send the smallest case over REST."""
    gateway.submit("case-1", unit).raise_for_status()


def wait_for(url, *wanted):
    """Scrape until everything wanted is there."""
    until = time.monotonic() + 20
    while True:
        try:
            text = httpx.get(f"{url}/metrics").raise_for_status().text
        except httpx.TransportError:
            text = ""
        if all(piece in text for piece in wanted):
            return
        assert time.monotonic() < until, text
        time.sleep(0.1)


def wait_for_log(gateway, words):
    """Wait until these words are in the log."""
    until = time.monotonic() + 20
    while words not in gateway.log():
        assert time.monotonic() < until, gateway.log()
        time.sleep(0.1)


def test_one_process_tells_what_it_took_in_and_what_it_delivered(folder):
    """DOMAIN G1, issue 3 10: doors and worker in one process."""
    with running_gateway(folder, "--with-worker") as gateway:
        submit(gateway)
        wait_for(gateway.url, ACCEPTED, DELIVERED, "vaxel_delivery_latency_seconds_count")


def test_a_worker_of_its_own_tells_what_it_delivered(folder):
    """Settings metrics_bind: a process without doors has a place for its monitor too."""
    bind = f"127.0.0.1:{free_port()}"
    with running_gateway(folder) as gateway, running_command(folder, "work", metrics_bind=bind):
        submit(gateway)
        wait_for(gateway.url, ACCEPTED)
        wait_for(f"http://{bind}", DELIVERED, 'state="closed"} 1.0')
        assert httpx.get(f"http://{bind}/status").status_code == 404


def test_what_waits_for_too_long_is_alerted_once_over_restarts(folder):
    """DOMAIN G2: alerts on transitions, which the store remembers."""
    rules = folder / "routing_rules/sydvik/region.toml"
    rules.write_text(rules.read_text().replace(":8192/", f":{free_port()}/"))
    with (folder / "vaxel.toml").open("a") as settings:
        settings.write("\n[alerts]\ndelivered_within_s = 0.01\n")
    waiting = 'vaxel_deliveries_waiting{destination="sydvik/synergi"} 1.0'
    for number in range(2):
        with running_gateway(folder, "--with-worker") as gateway:
            if number == 0:
                submit(gateway, SYSTEMS_UNIT)
            wait_for(gateway.url, waiting)
            wait_for_log(gateway, "delivery.late")
    assert gateway.log().count("delivery.late") == 1


def test_an_alert_that_nobody_took_is_brought_after_a_kill(folder):
    """DOMAIN G2: it lies in the database until its channel has brought it."""
    port = free_port()
    alerts = f'delivered_within_s = 0.01\nwebhook_url = "http://127.0.0.1:{port}/"'
    with (folder / "vaxel.toml").open("a") as settings:
        settings.write(f"\n[alerts]\n{alerts}\n")
    rules = folder / "routing_rules/sydvik/region.toml"
    rules.write_text(rules.read_text().replace(":8192/", f":{free_port()}/"))
    with running_gateway(folder, "--with-worker") as gateway:
        submit(gateway, SYSTEMS_UNIT)
        wait_for_log(gateway, "alerts.failing")
        gateway.process.kill()
    with webhook(port) as got, running_gateway(folder, "--with-worker"):
        assert got.get(timeout=20)["type"] == "delivery.late"


@contextmanager
def webhook(port):
    """Take alerts on a port."""
    got: Queue[dict[str, object]] = Queue()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            got.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Hook) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield got
        server.shutdown()
        thread.join()


def test_a_destination_whose_file_is_missing_is_measured_as_shut(folder):
    """DOMAIN G1, G2: until the file is there, also when nothing more is sent."""
    trusted = folder / "synergi.pem"
    rules = folder / "routing_rules/sydvik/region.toml"
    settings = f'trusted_ca = "{trusted}"\nlogical_address = "SE2321009202-SYNERGI"'
    text = rules.read_text().replace('adapter = "rest"', 'adapter = "riv_soap"')
    text = text.replace("http://127.0.0.1:8192/", f"https://127.0.0.1:{free_port()}/")
    rules.write_text(text.replace('signing_secret = { secret = "sydvik_synergi" }', settings))
    shut = 'vaxel_destination_state{destination="sydvik/synergi",state="shut"} '
    with running_gateway(folder, "--with-worker") as gateway:
        submit(gateway, SYSTEMS_UNIT)
        wait_for(gateway.url, shut + "1.0")
        make_authority(folder).certificate.rename(trusted)
        wait_for(gateway.url, shut + "0.0")
