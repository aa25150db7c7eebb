"""The pages are there when somebody can sign in, and else they are not."""

from types import SimpleNamespace
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from gateway.app.console import console_of
from gateway.settings import Settings
from tests.unit.console.conftest import NOW, SETTINGS


def pages(doors, store, sign_in):
    opened = SimpleNamespace(cases=store.cases, clock=lambda: NOW)
    gateway: Any = SimpleNamespace(settings=Settings(sign_in=sign_in), store=opened)
    routes = console_of(gateway, doors)
    return TestClient(Starlette(routes=routes), base_url="https://vaxel.example")


def test_without_sign_in_the_pages_do_not_exist(doors, store):
    """Nobody is asked to sign in to what cannot be signed in to (E1)."""
    assert pages(doors, store, None).get("/console/").status_code == 404


def test_with_sign_in_the_first_page_leads_there(doors, store):
    """Wired as the app wires it."""
    shown = pages(doors, store, SETTINGS).get("/console")
    assert shown.status_code == 200
    assert "/console/sign-in" in shown.text


def test_style_sheets_may_be_kept_and_pages_may_not(doors, store):
    """Nothing personal is in a style sheet."""
    client = pages(doors, store, SETTINGS)
    style = client.get("/console/static/designsystemet/theme.css")
    assert style.headers["cache-control"] == "public, max-age=3600"
    assert client.get("/console/").headers["cache-control"] == "no-store"
