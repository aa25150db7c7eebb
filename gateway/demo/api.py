"""The REST API of the gateway, for those who only need a key, paths and pages."""

from collections.abc import Iterator
from pathlib import Path

import httpx

from gateway.demo.trust import context
from gateway.domain.notation import Json


def client(url: str, api_key: str, authority: Path | None = None) -> httpx.Client:
    """Make a client that is known by a key; `authority` is what it trusts, if it is not set."""
    return httpx.Client(
        base_url=f"{url}/api/v1",
        headers={"X-API-Key": api_key},
        verify=context(authority),
        timeout=10,
        trust_env=False,
    )


def pages(http: httpx.Client, path: str, headers: dict[str, str] | None = None) -> Iterator[Json]:
    """Read a whole list, page by page; raises httpx.HTTPError."""
    query = {"limit": "100"}
    while True:
        answer = http.get(path, params=query, headers=headers).raise_for_status()
        page = answer.json()
        yield from page["items"]
        if "next" not in page:
            return
        query["after"] = page["next"]
