"""The contracts for those who build against them: anybody may read, from wherever they are."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from gateway.facade.identity import Identity
from gateway.facade.soap.wsdl import Delivery

XML = "text/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be read at the SOAP door; `name` is ours."""

    delivery: Delivery
    identity: Identity
    name: str

    def page(self, request: Request) -> Response:
        """Show a page with every contract."""
        links = [html.escape(address) for address in self._all(request)]
        items = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
        title = f"{html.escape(self.name)}: SOAP contracts"
        return HTMLResponse(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
            f"<h1>{title}</h1><p>RIV-TA BP 2.1. Calls go to the address without ?wsdl.</p>"
            f"<ul>{items}</ul></html>"
        )

    def give(self, request: Request) -> Response:
        """Give the file that `?wsdl` or `?xsd=` asks for, or say what there is instead."""
        query = {key.lower(): value for key, value in request.query_params.items()}
        door, path = self._door(request), request.path_params["path"]
        found = None
        if "wsdl" in query:
            found = self.delivery.wsdl(path, door)
        elif "xsd" in query:
            found = self.delivery.schema(path, query["xsd"], door)
        if found is None:
            words = "\n".join(("Nothing is here. What there is:", *self._all(request), ""))
            return PlainTextResponse(words, 404)
        return Response(found, headers={"content-type": XML})

    def _all(self, request: Request) -> list[str]:
        return [f"{self._door(request)}/{path}?wsdl" for path in self.delivery.paths]

    def _door(self, request: Request) -> str:
        here = request.base_url
        if self.identity.trusts(request.client.host if request.client else None):
            here = _seen_from_outside(here, request.headers)
        return f"{str(here).rstrip('/')}/soap"


_HOST = re.compile(r"[0-9A-Za-z.\-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")
_PORT_AT_END = re.compile(r":[0-9]+$")


def _seen_from_outside(here: URL, headers: Mapping[str, str]) -> URL:
    """
    Apply what the proxy says about the address that its caller used.

    A service platform says it in headers of its own (INTEROP §2.7), which go before the usual.
    """
    told = _told(headers, "x-vp-forwarded-")
    host, port, scheme = told if any(told) else _told(headers, "x-forwarded-")
    netloc = host if _HOST.fullmatch(host) else here.netloc
    if port.isascii() and port.isdigit():
        netloc = f"{_PORT_AT_END.sub('', netloc)}:{port}"
    return here.replace(
        scheme=scheme if scheme in ("http", "https") else here.scheme, netloc=netloc
    )


def _told(headers: Mapping[str, str], prefix: str) -> tuple[str, str, str]:
    # Each proxy on the way adds its own at the end; the caller spoke to the first.
    host, port, scheme = (
        headers.get(prefix + name, "").split(",")[0].strip() for name in ("host", "port", "proto")
    )
    return host, port, scheme
