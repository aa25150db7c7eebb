"""How the demo's story is told: tables and sentences, without a personal number in them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rich.table import Table

from gateway.console.visit import HOME
from gateway.demo.cases import Path, Planned
from gateway.demo.people import PEOPLE
from gateway.demo.programs import OUTAGE_S
from gateway.demo.sending import Door
from gateway.demo.site import AVVIKELSE, OPERATOR_KEY_FILE, SYNERGI, Site
from gateway.demo.supervision import Program
from gateway.demo.witnesses import Testimony
from gateway.domain.message import MessageKind


def processes(running: Sequence[tuple[Program, int]]) -> Table:
    """Show who runs, with pid and address."""
    table = Table("process", "pid", "address", title="Processes", title_justify="left")
    for program, pid in running:
        table.add_row(program.name, str(pid), program.address)
    return table


def paths(cases: Sequence[Planned], told: Testimony) -> Table:
    """Show each path: the cases by door, how many were answered, and where they went."""
    table = Table("path", "SOAP", "REST", "answered", title="Paths", title_justify="left")
    table.add_column("went to", overflow="fold")
    by_path: dict[Path, list[Planned]] = defaultdict(list)
    for case in cases:
        by_path[case.path].append(case)
    for path, taken in by_path.items():
        doors = Counter(case.door for case in taken)
        numbers = [n for c in taken for n in told.evidence.receipts.get(c.case.case_id, ())]
        counts = (doors[Door.SOAP], doors[Door.REST], _answered(numbers, told) or "–")
        table.add_row(path.value, *map(str, counts), _destinations(numbers, told) or "nowhere")
    return table


def sentences(cases: Sequence[Planned], told: Testimony) -> Iterator[str]:
    """Tell what is not seen in the tables."""
    again = Counter("the other" if c.again is not c.door else "the same" for c in cases if c.again)
    yield (
        f"{again['the same']} cases came twice through the same door, {again['the other']} "
        f"through the other one as well: {_same_receipts(told)} of {again.total()} got the same "
        "receipt again."
    )
    yield f"Refused: {', '.join(_refused(told))}."
    supplements = sum(1 for line in told.sent if line["what"] == "supplement")
    yield f"{supplements} supplements went the way of their cases, after them."
    late = [d for d in told.deliveries if _to(d) == SYNERGI.name and d["attempts"] > 1]
    most = max((d["attempts"] for d in late), default=0)
    yield (
        f"{SYNERGI.name} was down for its first {OUTAGE_S:g} s: {len(late)} deliveries to it were "
        f"tried again, up to {most} times."
    )
    said = told.accounts[AVVIKELSE.name]["said"]
    finals = sum(1 for _, kind in said if kind == MessageKind.FINAL_REPLY.value)
    yield f"{AVVIKELSE.name} sent each of its {finals} final replies twice; the inbox has it once."
    sent = sum(len(c.case.attachments) for c in cases)
    yield f"{sent} files went to the receivers; the citizens opened {told.files} in the replies."


def addresses(site: Site) -> Iterator[str]:
    """Tell where to look on while the demo runs."""
    url = site.gateway_url
    key = f'-H "X-API-Key: $(cat {site.folder / OPERATOR_KEY_FILE})"'
    yield f"authority    {site.authority.certificate}"
    yield f"pages        {url}{HOME}  (a browser warns of the demo's own certificate)"
    for claims in PEOPLE.values():
        roles = ", ".join(f"{one['role']}, {one['name']}" for one in claims["assignments"])
        yield f"  sign in as {claims['name']}: {roles}"
    yield f"status       {url}/status"
    yield f"SOAP         {url}/soap"
    yield f"WSDL         {url}/soap/ProcessCase/1/rivtabp21?wsdl"
    yield f"OpenAPI      {url}/api/v1/openapi.json"
    yield f"deliveries   curl --cacert {site.authority.certificate} {key} {url}/api/v1/deliveries"
    yield f"files, logs  {site.folder}"


def _answered(numbers: Sequence[str], told: Testimony) -> int:
    read = told.evidence.read
    return sum(1 for number in numbers if read[number, MessageKind.FINAL_REPLY.value])


def _destinations(numbers: Sequence[str], told: Testimony) -> str:
    found = {d["destination"] for d in told.deliveries if d["caseNumber"] in numbers}
    return ", ".join(sorted(found))


def _to(delivery: dict[str, str]) -> str:
    return delivery["destination"].rpartition("/")[2]


def _same_receipts(told: Testimony) -> int:
    first = {line["id"]: line.get("number") for line in told.sent if line["what"] == "case"}
    repeats = [line for line in told.sent if line["what"] == "repeat"]
    return sum(1 for line in repeats if line.get("number") == first[line["id"]])


def _refused(told: Testimony) -> list[str]:
    return [
        f"{line['id']} over {line['door']}: {line['rule']}" for line in told.sent if "rule" in line
    ]
