"""The gateway as operators have it: processes, signals, and a database that goes away."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from gateway.domain.person import PERSONNUMMER_OID
from gateway.testing.process import running_command, running_gateway, write_settings

pytest_plugins = ["gateway.testing.postgres"]

RULES = Path(__file__).parent.parent.parent / "routing_rules"
UNIT = "SE2321009101-HCGR"
CITIZEN = {"X-Citizen-Id-Oid": PERSONNUMMER_OID, "X-Citizen-Id": "196711222940"}


@pytest.fixture
def folder(tmp_path):
    """Give a working folder with a copy of the example regions."""
    shutil.copytree(RULES, tmp_path / "routing_rules")
    write_settings(tmp_path, tmp_path / "routing_rules", (UNIT,), "TEST-SYSTEM")
    return tmp_path


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request):
    """Give an empty URL for the embedded database, or one of a real PostgreSQL."""
    return request.getfixturevalue("postgres_url") if request.param == "postgres" else ""


def submit(gateway, case_id, unit=UNIT):
    """Send the smallest case over REST."""
    return gateway.submit(case_id, unit)


def wait_for(what, seconds=60.0):
    """Wait until `what` is true."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)


def replies(gateway):
    """Read the kinds of the messages in the citizen's inbox."""
    with gateway.client("e-service") as client:
        answer = client.get("/api/v1/inbox-messages", headers=CITIZEN)
    return [message["messageKind"] for message in answer.json()["items"]]


def test_a_case_goes_from_door_to_inbox_and_its_reply_back(folder, database_url):
    """DOMAIN A1, A7, C1, D1, E1: doors and worker in processes of their own, either database."""
    with (
        running_gateway(folder, database_url=database_url) as gateway,
        running_command(folder, "work", database_url=database_url),
        gateway.client("staff") as staff,
    ):
        number = submit(gateway, "case-1").json()["caseNumber"]
        wait_for(lambda: staff.get("/api/v1/unit-inbox").json()["items"])
        body = {"messageKind": "FINAL_REPLY", "text": "Vi ringer upp dig i dag."}
        path, key = f"/api/v1/unit-inbox/{number}/messages", {"Idempotency-Key": "reply-1"}
        first, again = (staff.post(path, json=body, headers=key) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == first.json()
        assert replies(gateway) == ["CASE_CONFIRMATION", "FINAL_REPLY"]


def test_a_kill_between_receipt_and_delivery_loses_nothing(folder, database_url):
    """DOMAIN C1: durable before the receipt."""
    with running_gateway(folder, database_url=database_url) as gateway:
        numbers = {submit(gateway, f"case-{n}").json()["caseNumber"] for n in range(5)}
        gateway.kill()
    with (
        running_gateway(folder, "--with-worker", database_url=database_url) as gateway,
        gateway.client("staff") as staff,
    ):
        found = lambda: staff.get("/api/v1/unit-inbox").json()["items"]  # noqa: E731 asked often
        wait_for(lambda: {item["caseNumber"] for item in found()} == numbers)


def test_a_broken_table_refuses_to_start_with_every_fault(folder):
    """DOMAIN B10."""
    units = folder / "routing_rules/nordmark/units.csv"
    units.write_text(units.read_text() + "SE2321009101-NY,Ny,Norrfors,,,nowhere-known,,\n")
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "serve"], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "unknown-destination" in done.stderr


def test_what_is_published_is_live_on_every_node_and_what_is_broken_on_none(folder, database_url):
    """DOMAIN B10, B4: published from the command line, swapped within seconds everywhere."""
    units, unit = folder / "routing_rules/nordmark/units.csv", "SE2321009101-NY"
    good = units.read_text()
    new = f"{unit},Nya mottagningen,Norrfors,SE2321009101-0001,,inkorg,,\n"
    with nodes(folder, database_url, 3) as gateways:
        assert {submit(node, "case-1", unit).status_code for node in gateways} == {422}
        units.write_text(good + new.replace("inkorg", "nowhere-known"))
        refused = vaxel(folder, database_url, "publish", "--based-on", "1", "--reason", "x")
        assert (refused.returncode, "unknown-destination" in refused.stderr) == (1, True)
        units.write_text(good + new)
        told = vaxel(folder, database_url, "diff").stdout
        assert f"nordmark: unit {unit} added" in told
        vaxel(folder, database_url, "publish", "--based-on", "1", "--reason", "ny mottagning")
        for number, node in enumerate(gateways):
            wait_for(lambda n=number, g=node: submit(g, f"new-{n}", unit).status_code == 201)
        vaxel(folder, database_url, "rollback", "1", "--based-on", "2", "--reason", "fel")
        for number, node in enumerate(gateways):
            wait_for(lambda n=number, g=node: submit(g, f"back-{n}", unit).status_code != 201)


def test_a_changed_folder_changes_nothing_until_it_is_published(folder):
    """DOMAIN B10: every change of the table is a publication, a restart too."""
    with running_gateway(folder):
        pass
    units = folder / "routing_rules/nordmark/units.csv"
    units.write_text("half a fi")
    with running_gateway(folder) as gateway:
        assert submit(gateway, "case-1").status_code == 201


@contextmanager
def nodes(folder, database_url, count):
    """Run several gateways on one database, each with a log of its own."""
    url = database_url or f"sqlite:///{folder}/var/vaxel.sqlite3"
    with ExitStack() as stack:
        yield [
            stack.enter_context(running_gateway(folder, database_url=url)) for _ in range(count)
        ]


def vaxel(folder, database_url, *arguments):
    """Run `vaxel routes …` beside the gateways."""
    return subprocess.run(
        [sys.executable, "-m", "gateway", "routes", *arguments],
        cwd=folder,
        env=os.environ | ({"VAXEL_DATABASE_URL": database_url} if database_url else {}),
        capture_output=True,
        text=True,
        check=False,
    )


def test_postgresql_must_be_upgraded_by_its_operator_first(folder, postgres):
    """docs/decisions/0007."""
    url = postgres.bare_database()
    with (
        pytest.raises(RuntimeError, match="vaxel db upgrade"),
        running_gateway(folder, database_url=url),
    ):
        pass
    with running_command(folder, "db", "upgrade", database_url=url) as process:
        assert process.wait(60) == 0
    with running_gateway(folder, database_url=url) as gateway:
        assert submit(gateway, "case-1").status_code == 201


def test_a_database_that_goes_away_is_503_and_comes_back_without_a_restart(folder, postgres):
    """DOMAIN C1: nothing half-written; the same case sent again is taken."""
    url = postgres.new_database()
    with running_gateway(folder, "--with-worker", database_url=url) as gateway:
        postgres.stop()
        try:
            away = submit(gateway, "case-1")
        finally:
            postgres.start()
        assert (away.status_code, "retry-after" in away.headers) == (503, True)
        wait_for(lambda: submit(gateway, "case-1").status_code == 201)
        wait_for(lambda: "delivery.attempted" in gateway.log())


def test_no_personal_data_reaches_the_log(folder):
    """DOMAIN A8: never logged."""
    with running_gateway(folder, "--with-worker") as gateway:
        submit(gateway, "case-1")
        replies(gateway)
        wait_for(lambda: "delivery.attempted" in gateway.log())
    assert [w for w in ("196711222940", "svarade i telefonen") if w in gateway.log()] == []


@pytest.mark.parametrize("piece", [b"x", b"x: y\r\n"], ids=["one header", "many headers"])
def test_whoever_sends_a_head_without_end_is_hung_up_on(folder, piece):
    """DOMAIN C2: anybody who can connect could fill the memory of all."""
    with running_gateway(folder) as gateway:
        port = int(gateway.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
            client.sendall(b"POST /soap HTTP/1.1\r\nhost: x\r\nendless: ")
            with contextlib.suppress(ConnectionError):
                client.sendall(piece * 200_000)
            with contextlib.suppress(ConnectionResetError):
                assert client.recv(1) == b""
        assert submit(gateway, "case-1").status_code == 201


def test_a_request_that_does_not_end_does_not_keep_the_gateway_from_stopping(folder):
    """DOMAIN G5: an upgrade must not wait for a stranger."""
    with running_gateway(folder) as gateway:
        port = int(gateway.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
            client.sendall(b"POST /soap HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\nhalf")
            gateway.process.terminate()
            gateway.process.wait(18)
