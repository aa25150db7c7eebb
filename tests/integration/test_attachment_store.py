"""The place of attachments as it is set: checked by a command, and used by a whole gateway."""

import hashlib
from base64 import b64encode

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from gateway.app import check_contents
from gateway.app.facade import make_facade
from gateway.app.gateway import open_gateway
from gateway.domain.errors import StartRefused
from gateway.flow.caller import Role
from gateway.settings import CallerSettings, Settings
from gateway.settings.attachments import AttachmentStoreSettings, S3Settings

E_SERVICE = "SE5560000000-E177"
KEY = "the key of the e-service"
CASE = {
    "caseId": "e-1",
    "kind": "COMPLAINT",
    "receiver": {"type": "CARE", "hsaId": "SE2321009101-HCGR"},
    "eventDate": "2026-03-01",
    "answerWanted": "INBOX",
    "submitter": {"personId": {"oid": "1.2.752.129.2.1.3.1", "number": "191212121212"}},
    "description": "Jag fick vänta.",
}


@pytest.fixture
def settings(tmp_path):
    """A gateway of its own in an empty folder."""
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    caller = CallerSettings(
        hsa_id=E_SERVICE, name="1177", role=Role.E_SERVICE, keys_sha256=(digest,)
    )
    return Settings(
        database_url=SecretStr(f"sqlite:///{tmp_path}/var/vaxel.sqlite3"),
        routes_snapshot=tmp_path / "var" / "routes.snapshot",
        callers=(caller,),
        secrets={"sydvik_synergi": SecretStr("whsec_dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0")},
    )


def test_files_lie_beside_the_database_file_unless_set(settings, tmp_path):
    """DOMAIN D4: nothing needs to be set, and rows hold no bytes."""
    file = {"fileName": "brev.txt", "mediaType": "text/plain"}
    body = CASE | {"attachments": [file | {"content": b64encode(b"qzbytes").decode()}]}
    with TestClient(make_facade(open_gateway(settings))) as client:
        answer = client.post("/api/v1/cases", json=body, headers={"X-API-Key": KEY})
    assert answer.status_code == 201, answer.text
    digest = hashlib.sha256(b"qzbytes").hexdigest()
    kept = tmp_path / "var" / "attachments" / digest[:2] / digest
    assert kept.read_bytes() == b"qzbytes"
    database = b"".join(one.read_bytes() for one in (tmp_path / "var").glob("vaxel.sqlite3*"))
    assert b"qzbytes" not in database


def test_a_place_that_can_be_used_is_found_good_and_left_empty(settings, tmp_path):
    """CONTRACT `vaxel check`: written, read, and let go of."""
    check_contents(settings)
    made = [*(tmp_path / "var" / "attachments").rglob("*")]
    assert made
    assert not any(path.is_file() for path in made)


def test_a_place_that_cannot_be_used_is_told_by_its_setting(tmp_path):
    """CONTRACT `vaxel check`: before a citizen sends a file."""
    (tmp_path / "taken").write_text("no folder")
    told = Settings(attachment_store=AttachmentStoreSettings(folder=tmp_path / "taken"))
    with pytest.raises(StartRefused, match="attachment_store: the folder of attachments"):
        check_contents(told)


def test_with_a_database_server_a_place_must_be_set(tmp_path):
    """DOMAIN D4: a folder of each machine's own would lose files for the others."""
    server = Settings(database_url=SecretStr("postgresql://nobody@127.0.0.1:1/nowhere"))
    with pytest.raises(StartRefused, match="attachment_store: with a database server"):
        check_contents(server)


def test_a_second_database_does_not_start_on_the_place_of_the_first(settings, tmp_path):
    """DOMAIN E4: what it does not name is not its own to sweep; a check tells it as well."""
    open_gateway(settings).store.close()
    url = SecretStr(f"sqlite:///{tmp_path}/var/other.sqlite3")
    other = settings.model_copy(update={"database_url": url})
    for refused in (open_gateway, check_contents):
        with pytest.raises(StartRefused, match="belongs to another database"):
            refused(other)
    assert not (tmp_path / "var" / "other.sqlite3").exists()
    check_contents(settings)
    open_gateway(settings).store.close()


def test_a_database_keeps_its_place_wherever_it_is_moved(settings, tmp_path):
    """DOMAIN G5: a back-up that is restored under another name is the same database."""
    open_gateway(settings).store.close()
    (tmp_path / "var" / "vaxel.sqlite3").rename(tmp_path / "var" / "restored.sqlite3")
    url = SecretStr(f"sqlite:///{tmp_path}/var/restored.sqlite3")
    restored = settings.model_copy(update={"database_url": url})
    check_contents(restored)
    open_gateway(restored).store.close()


def test_a_bucket_is_used_where_one_is_set():
    """DOMAIN G1: with keys that are never shown."""
    s3 = {"endpoint": "http://127.0.0.1:1", "bucket": "b", "access_key": "k", "secret_key": "qz"}
    wanted = AttachmentStoreSettings(s3=S3Settings.model_validate(s3))
    told = Settings(attachment_store=wanted)
    assert "qz" not in repr(told)
    with pytest.raises(StartRefused, match="attachment_store: the bucket of attachments"):
        check_contents(told)
