"""The REST API of the gateway, for those who only need a key, paths and pages."""

from collections.abc import Iterator

import httpx

from gateway.domain.notation import Json


def client(url: str, api_key: str) -> httpx.Client:
    """Make a client that is known by a key."""
    headers = {"X-API-Key": api_key}
    return httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=10, trust_env=False)


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
