"""Call SokVagvalsInfo v2 of a TAK: bounded in time and size, and nothing believed of a failure."""

import ssl
import time
from collections.abc import Callable
from functools import partial

import httpx

from gateway.flow.catalogue import VAGVALSINFO
from gateway.routes.finding import Finding, Rule
from gateway.routes.tak.answer import ENVELOPE_NAMESPACE, read_answer
from gateway.routes.tak.rows import Values, table_of
from gateway.routes.tak.table import TakTable

CONNECT_S = 5.0
READ_S = 60.0
# Some hundred thousand rows of some five hundred bytes.
LONGEST_S = 300.0
LARGEST_ANSWER = 256 * 1024 * 1024


# Asks for an operation, and gives the HTTP status and the body; raises httpx's errors.
Ask = Callable[[str], tuple[int, bytes]]


def called(url: str) -> TakTable:
    """Read all routes and call permissions from the TAK at `url`."""
    with httpx.Client(
        timeout=httpx.Timeout(READ_S, connect=CONNECT_S),
        headers={"Accept-Encoding": "identity"},
        verify=ssl.create_default_context(),
        follow_redirects=False,
        trust_env=False,
    ) as client:
        return heard(partial(_exchanged, client, url))


def heard(ask: Ask) -> TakTable:
    """
    Read all routes and call permissions that a TAK tells (INTEROP §3.8, §4).

    No answer, a fault, an empty list and a list without our contract are findings.
    """
    findings: list[Finding] = []
    routes = _rows(ask, "hamtaAllaVirtualiseringar", "virtualiseringsInfo", findings)
    permissions = _rows(ask, "hamtaAllaAnropsBehorigheter", "anropsBehorighetsInfo", findings)
    return table_of(
        ("virtualiseringsInfo", routes), ("anropsBehorighetsInfo", permissions), findings
    )


def request(operation: str) -> bytes:
    """Write the question, which is empty and needs no header."""
    return (
        f'<s:Envelope xmlns:s="{ENVELOPE_NAMESPACE}"><s:Body>'
        f'<v:{operation} xmlns:v="{VAGVALSINFO}"/></s:Body></s:Envelope>'
    ).encode()


def _rows(ask: Ask, operation: str, row: str, findings: list[Finding]) -> list[Values]:
    try:
        status, data = ask(operation)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        words = f"got no answer ({type(error).__name__}: {error}); is the address right?"
        findings.append(Finding(operation, 0, Rule.NO_ANSWER, words))
        return []
    if status not in (200, 500):
        words = f"was answered with HTTP {status}; is the address that of SokVagvalsInfo v2?"
        findings.append(Finding(operation, 0, Rule.NO_ANSWER, words))
        return []
    return [*read_answer(data, operation, row, findings)]


def _exchanged(client: httpx.Client, url: str, operation: str) -> tuple[int, bytes]:
    ends = time.monotonic() + LONGEST_S
    # Any action will do, and the namespace is what a TAK's own tests send (INTEROP §3.8).
    headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": f'"{VAGVALSINFO}"'}
    with client.stream("POST", url, content=request(operation), headers=headers) as answer:
        if answer.headers.get("content-encoding", "identity").lower() != "identity":
            raise httpx.DecodingError("it is compressed, and nobody asked for it")
        data = bytearray()
        for part in answer.iter_raw():
            data += part
            if len(data) > LARGEST_ANSWER:
                raise httpx.DecodingError(f"it is over {LARGEST_ANSWER} bytes")
            if time.monotonic() > ends:
                raise httpx.ReadTimeout(f"it took over {LONGEST_S:.0f} s")
        return answer.status_code, bytes(data)
