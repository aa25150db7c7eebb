"""Signing in leads back to our own pages, and nobody is led away by a link."""

import pytest

from gateway.console.site import STAFF
from gateway.console.staff.visit import INBOX


@pytest.mark.parametrize("path", ["/console", "/console/cases/1?find=x", "/console?x=1"])
def test_a_path_of_ours_is_kept(path):
    """So that a link to a case works also for who has to sign in first."""
    assert STAFF.own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "https://evil.example",
        "//evil.example",
        "/console//evil.example",
        "/console\\evil",
        "/consoleevil",
        "/console/\r\nSet-Cookie: x",
        "/api/v1/cases",
    ],
)
def test_anything_else_leads_to_the_inbox(path):
    """No open redirect."""
    assert STAFF.own_path(path) == INBOX
