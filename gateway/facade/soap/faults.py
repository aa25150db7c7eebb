"""SOAP faults as a service platform writes them (INTEROP §2.6): always HTTP 500."""

from gateway.facade.soap.envelope import ENVELOPE_NAMESPACE
from gateway.facade.soap.notation import escaped

# Shown to people who operate the calling system; the English details are for those who build it.
SWEDISH: dict[str, str] = {
    "VP002": "Det går inte att avgöra vem som anropar: certifikat eller HSA-id saknas.",
    "VP003": "Anropet saknar logisk adress.",
    "VP004": "Det finns ingen mottagare för tjänstekontraktet och den logiska adressen.",
    "VP007": "Den som anropar har inte behörighet till detta.",
    "VP011": "Anropet kommer från en adress som inte är betrodd.",
    "VP012": "Tjänsten kan inte ta emot något just nu. Försök igen om en stund.",
    "VP013": "Den som anropar får inte ange en annan ursprunglig konsument.",
    "VP014": "Anropet har redan passerat den här tjänsten: vägen går i en ring.",
    "VP015": "Anropet går inte att läsa som ett giltigt meddelande.",
}


# Everything else is for the caller to mend.
_OURS = frozenset({"VP006", "VP008", "VP009", "VP010", "VP012", "VP014"})


def vp_fault(code: str, instance: str, detail: str) -> bytes:
    """Write a fault by its code; `instance` is our name, `detail` English and impersonal."""
    whose = "Server" if code in _OURS else "Client"
    return _fault(whose, f"{code} [{instance}] {SWEDISH[code]}", detail)


def not_understood_fault(instance: str, block: str) -> bytes:
    """Write that a header block must be understood and is not (SOAP 1.1 §4.4.1)."""
    words = f"[{instance}] Anropet kräver att ett SOAP-huvud förstås som inte är känt här."
    detail = f"the header block {block} must be understood, and is not known here; leave it out"
    return _fault("MustUnderstand", words, detail)


def unexpected_fault(instance: str, log_id: str) -> bytes:
    """Write that something of ours broke, and where to look: nothing of what it was."""
    words = f"[{instance}] Ett oväntat fel har inträffat. Felet är loggat med id {log_id}."
    return _fault(
        "Server", words, f"Unexpected error; see the log of this gateway, logId {log_id}"
    )


def soap_envelope(content: str) -> bytes:
    """Put a body's element in an envelope, in UTF-8."""
    return f"{OPENING}{content}{CLOSING}".encode()


OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{ENVELOPE_NAMESPACE}"><SOAP-ENV:Body>'
)
CLOSING = "</SOAP-ENV:Body></SOAP-ENV:Envelope>"


def _fault(whose: str, words: str, detail: str) -> bytes:
    return soap_envelope(
        f"<SOAP-ENV:Fault><faultcode>SOAP-ENV:{whose}</faultcode>"
        f"<faultstring>{escaped(words)}</faultstring>"
        f"<detail><detailString>{escaped(detail)}</detailString></detail></SOAP-ENV:Fault>"
    )
