"""Lends authorities of certificates, for systems that are reached over TLS."""

import pytest

from gateway.testing.certificates import make_authority


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """The authority that the system and we know."""
    return make_authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def strangers(tmp_path_factory):
    """An authority that nobody there knows."""
    return make_authority(tmp_path_factory.mktemp("strangers"))
