"""What service address catalogues say, in each form that they say it: small, and made here."""

import gzip
import json

from gateway.flow.permission import PROCESS_CASE

OTHER_CONTRACT = "urn:riv:crm:scheduling:GetSubjectOfCareScheduleResponder:1"
URL = "http://127.0.0.1:1/cases"  # of the destination `system` in the small region
VC, SJH, KLIN, BYT = (f"SE2321009101-{name}" for name in ("VC", "SJH", "KLIN", "BYT"))
SENDER = "SE5565594230-ESERVICE"
SYSTEM = "SE2321009101-SYS"
BEGINS, ENDS = "2026-10-01T00:00:00", "2126-10-01T00:00:00"


def route(receiver=VC, begins=BEGINS, ends=ENDS, **fields):
    """Make one vägval as SokVagvalsInfo names its fields."""
    return {
        "virtualiseringsInfoId": "7",
        "receiverId": receiver,
        "rivProfil": "RIVTABP21",
        "tjansteKontrakt": PROCESS_CASE,
        "fromTidpunkt": begins,
        "tomTidpunkt": ends,
        "adress": URL,
        **fields,
    }


def permission(receiver=VC, **fields):
    """Make one anropsbehörighet."""
    return {
        "anropsBehorighetsInfoId": "8",
        "receiverId": receiver,
        "senderId": SENDER,
        "tjansteKontrakt": PROCESS_CASE,
        "fromTidpunkt": BEGINS,
        "tomTidpunkt": ENDS,
        **fields,
    }


def answer(operation, row, rows):
    """Word an answer of SokVagvalsInfo v2."""
    return _envelope(
        f'<{operation}Response xmlns="urn:skl:tp:vagvalsinfo:v2">'
        + "".join(f"<{row}>{_elements(fields)}</{row}>" for fields in rows)
        + f"</{operation}Response>"
    )


def routes_answer(rows):
    """Answer hamtaAllaVirtualiseringar."""
    return answer("hamtaAllaVirtualiseringar", "virtualiseringsInfo", rows)


def permissions_answer(rows):
    """Answer hamtaAllaAnropsBehorigheter."""
    return answer("hamtaAllaAnropsBehorigheter", "anropsBehorighetsInfo", rows)


def fault(words):
    """Word a fault."""
    code = "<faultcode>s:Server</faultcode>"
    return _envelope(f"<s:Fault>{code}<faultstring>{words}</faultstring></s:Fault>")


def snapshot(routes=(VC,), permissions=(VC,)):
    """Make a published version with ids, as it is kept and downloaded."""
    units = sorted({*routes, *permissions})
    to = {unit: number for number, unit in enumerate(units, start=20)}
    days = {"fromTidpunkt": "2026-09-30T22:00:00+0000", "tomTidpunkt": "2126-10-01T00:00:00+0200"}
    data = {
        "rivtaprofil": [{"id": 5, "namn": "RIVTABP21"}],
        "tjanstekontrakt": [{"id": 1, "namnrymd": PROCESS_CASE, "majorVersion": 1}],
        "logiskadress": [{"id": to[unit], "hsaId": unit} for unit in units],
        "tjanstekomponent": [{"id": 2, "hsaId": SENDER}],
        "anropsadress": [{"id": 9, "adress": URL, "relationships": {"rivtaprofil": 5}}],
        "vagval": [
            {**days, "relationships": _to(logiskadress=to[unit], anropsadress=9)}
            for unit in routes
        ],
        "anropsbehorighet": [
            {**days, "relationships": _to(logiskAdress=to[unit], tjanstekomponent=2)}
            for unit in permissions
        ],
    }
    return {"formatVersion": "1", "version": "3", "utforare": "test", "data": data}


def export():
    """Make the same with names, as it is exported."""
    days = {"fromTidpunkt": "2026-10-01T00:00:00+0200", "tomTidpunkt": "2126-10-01T00:00:00+0200"}
    way = {"logiskAdress": VC, "anropsadress": URL, "tjanstekontrakt": PROCESS_CASE}
    may = {"logiskAdress": VC, "tjanstekonsument": SENDER, "tjanstekontrakt": PROCESS_CASE}
    speaks = {"rivtaprofil": "RIVTABP21", "tjanstekomponent": SYSTEM}
    data = {
        "anropsadress": [{"id": 9, "adress": URL, "relationships": speaks}],
        "vagval": [{**days, "relationships": way}],
        "anropsbehorighet": [{**days, "relationships": may}],
    }
    return {"formatVersion": 1, "version": 3, "data": data}


def order(added=(), ended=(), begins="2027-02-01", **head):
    """Make a bulk order; `added` and `ended` are vägval."""
    whole = {
        "plattform": "TEST",
        "formatVersion": 1.0,
        "version": 1,
        "genomforandeTidpunkt": begins,
        "inkludera": {"vagval": list(added)},
        "exkludera": {"vagval": list(ended)},
    }
    return {**whole, **head}


def ordered(receiver=VC, **fields):
    """Make one vägval of an order."""
    return {
        "adress": URL,
        "logiskAdress": receiver,
        "tjanstekontrakt": PROCESS_CASE,
        "rivtaprofil": "RIVTABP21",
        "tjanstekomponent": SYSTEM,
        **fields,
    }


def written(document):
    """Write a document as it comes in a file."""
    return json.dumps(document).encode()


def packed(document):
    """Write a document as it is downloaded."""
    return gzip.compress(written(document))


def _to(**relationships):
    return {"tjanstekontrakt": 1, **relationships}


def _elements(fields):
    return "".join(f"<{name}>{text}</{name}>" for name, text in fields.items())


def _envelope(content):
    space = "http://schemas.xmlsoap.org/soap/envelope/"
    return f'<s:Envelope xmlns:s="{space}"><s:Body>{content}</s:Body></s:Envelope>'.encode()
