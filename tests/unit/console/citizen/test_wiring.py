"""The pages of citizens are there when citizens can sign in, and else they are not."""

import re
from types import SimpleNamespace
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from gateway.app.anonymous import anonymous_pages_of
from gateway.app.citizen import citizen_pages_of
from gateway.settings import Settings
from tests.unit.console.citizen.conftest import SETTINGS


def pages(doors, store, citizen_sign_in):
    settings = Settings(citizen_sign_in=citizen_sign_in)
    gateway: Any = SimpleNamespace(settings=settings, store=store)
    store.clock = None
    routes = citizen_pages_of(gateway, doors)
    return TestClient(Starlette(routes=routes), base_url="https://vaxel.example")


def test_without_a_setting_citizens_have_no_pages(doors, store):
    """A region with an e-service of its own needs none."""
    assert pages(doors, store, None).get("/citizen/").status_code == 404


def test_with_it_the_first_page_is_open_to_all(doors, store):
    """Wired as the app wires it, style sheets and all."""
    client = pages(doors, store, SETTINGS)
    assert "/citizen/choose" in client.get("/citizen").text
    assert client.get("/citizen/static/console.css").status_code == 200


def test_the_open_pages_take_no_more_than_texts(doors, store):
    """DOMAIN A9: whatever `largest_request` is, since they take no files."""
    gateway: Any = SimpleNamespace(settings=Settings(citizen_sign_in=SETTINGS), store=store)
    store.clock = None
    app = Starlette(routes=anonymous_pages_of(gateway, doors))
    client = TestClient(app, base_url="https://vaxel.example")
    page = client.get("/citizen/anonymous/code").text
    form = {"form_token": re.findall(r'name="form_token" value="([^"]+)"', page)[0]}
    files = {"files": ("bild.png", b"x" * 300_000, "image/png")}
    sent = client.post("/citizen/anonymous/code", data=form, files=files)
    assert sent.status_code == 413
