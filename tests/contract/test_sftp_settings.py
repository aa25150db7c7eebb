"""What a region writes about an SFTP server, and what is told when it cannot work."""

from types import MappingProxyType

import pytest
from pydantic import SecretStr

from gateway import plugins
from gateway.domain.destination import Destination
from gateway.domain.policy import Policy
from tests.sftp_system import HOST_KEY, public_line

LINE = public_line(HOST_KEY)
WHOLE = {
    "folder": "/in",
    "host": "sftp.example",
    "username": "vaxel",
    "host_key": LINE,
    "password": {"secret": "arkivet"},
}
SECRETS = {"arkivet": SecretStr("not-for-others")}


def faults(**changes):
    told = {key: value for key, value in (WHOLE | changes).items() if value is not None}
    settings = MappingProxyType(told)
    arkivet = Destination("r/d", "r", "d", "file_drop", settings, Policy(), None, "Arkivet")
    return plugins.faults(arkivet, plugins.found(), SECRETS)


@pytest.mark.parametrize(
    "changes",
    [{}, {"key_file": "/etc/vaxel/key"}, {"key_file": "/etc/vaxel/key", "password": None}],
    ids=["password", "both", "key"],
)
def test_a_key_or_a_password_or_both_are_enough(changes):
    """DOMAIN G5: some servers ask for both."""
    assert faults(**changes) == []


WRONG = {
    "no host": ({"host": None}, "settings is wrong: host is missing"),
    "no user": ({"username": None}, "settings is wrong: username is missing"),
    "no host key": ({"host_key": None}, "settings is wrong: host_key is missing"),
    "no way in": ({"password": None}, "settings is wrong: key_file is missing"),
    "an address": ({"host": "sftp://sftp.example"}, "settings.host is wrong"),
    "with host name": ({"host_key": f"sftp.example {LINE}"}, "settings.host_key is wrong"),
    "half a key": ({"host_key": LINE[:40]}, "settings.host_key is wrong"),
    "a fingerprint": ({"host_key": "SHA256:abc"}, "settings.host_key is wrong"),
    "a private key": ({"host_key": HOST_KEY.export_private_key().decode()}, "settings.host_key"),
    "part of a path": ({"key_file": "key"}, "settings.key_file is wrong: give the whole path"),
    "no port": ({"port": 0}, "settings.port is wrong"),
    "in clear": ({"password": "hunter2"}, "settings.password is a secret in clear"),
    "no such secret": ({"password": {"secret": "arkiv"}}, "names the secret 'arkiv'"),
}


@pytest.mark.parametrize(("changes", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_work_is_told(changes, words):
    """DOMAIN G5: before a case is accepted for it, and with no value."""
    (fault,) = faults(**changes)
    assert words in fault
    assert "hunter2" not in fault
    assert "PRIVATE" not in fault


def test_a_password_without_a_server_is_told():
    """DOMAIN G5: a setting that does nothing would mislead."""
    (fault,) = faults(host=None, username=None, host_key=None)
    assert fault.startswith("settings is wrong: host is missing")


def test_a_server_key_is_a_line_that_ssh_keyscan_tells():
    """DOMAIN G5: with its comment, as it stands in a .pub file, it is one too."""
    assert faults(host_key=f"{LINE} root@sftp.example") == []
