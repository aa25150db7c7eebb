"""How the demo's story is told: tables and sentences, without a personal number in them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rich.table import Table

from gateway.console.site import ANONYMOUS
from gateway.console.site import CITIZENS as CITIZEN_PAGES
from gateway.console.site import STAFF as STAFF_PAGES
from gateway.demo.cases import Path, Planned
from gateway.demo.people import CITIZENS, STAFF, Claims
from gateway.demo.programs import OUTAGE_S
from gateway.demo.sending import Door
from gateway.demo.site import AVVIKELSE, OPERATOR_KEY_FILE, SYNERGI, Site
from gateway.demo.supervision import Program
from gateway.demo.witnesses import Testimony
from gateway.domain.message import InboxKind, MessageKind


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
    yield from _dialogues(told)
    late = [d for d in told.deliveries if _to(d) == SYNERGI.name and d["attempts"] > 1]
    most = max((d["attempts"] for d in late), default=0)
    yield (
        f"{SYNERGI.name} was down for {OUTAGE_S:g} s: {len(late)} deliveries to it were "
        f"tried again, up to {most} times."
    )
    said = told.accounts[AVVIKELSE.name]["said"]
    finals = sum(1 for _, kind in said if kind == MessageKind.FINAL_REPLY.value)
    yield f"{AVVIKELSE.name} sent each of its {finals} final replies twice; the inbox has it once."
    sent = sum(len(c.case.attachments) for c in cases) + _files(told)
    yield f"{sent} files went to the receivers; the citizens opened {told.files} in the replies."
    yield from _ends(told)


def _dialogues(told: Testimony) -> Iterator[str]:
    supplements = sum(1 for line in told.sent if line["what"] == "supplement")
    yield (
        f"{supplements} supplements went the way of their cases, after them; {_files(told)} of "
        "them brought the picture that a holder had asked for."
    )
    forwarded = [n for (_, kind), n in told.evidence.read.items() if kind == InboxKind.FORWARDED]
    yield (
        f"{len(forwarded)} cases came to the wrong unit and were forwarded {sum(forwarded)} "
        "times, between inboxes and systems, with all that was said; the citizens were told."
    )
    yield (
        f"{len(told.evidence.registered)} cases began by phone: {AVVIKELSE.name} and "
        f"{SYNERGI.name} registered them, and the citizens have the dialogue in their inboxes."
    )


def _ends(told: Testimony) -> Iterator[str]:
    packed = sum(line["files"] for line in told.archived)
    yield (
        f"{len(told.archived)} cases of the committee have a diary number and were taken to the "
        f"archive: {packed} files, every checksum right."
    )
    yield f"The statistics of this year count {told.closed} closed cases."


def _files(told: Testimony) -> int:
    return sum(n for (_, what), n in told.evidence.supplemented.items() if what == "file")


def people() -> Table:
    """Show whom one can sign in as, and what each shows."""
    table = Table("pages", "sign in as", "who", title="People", title_justify="left")
    table.add_column("shows", overflow="fold")
    for pages, sign_in in (("citizens", CITIZENS), ("staff", STAFF)):
        for person, claims in sign_in.people.items():
            table.add_row(pages, claims["name"], _roles(claims), sign_in.shows[person])
    return table


def addresses(site: Site) -> Iterator[str]:
    """Tell where to look on while the demo runs."""
    url = site.gateway_url
    key = f'-H "X-API-Key: $(cat {site.folder / OPERATOR_KEY_FILE})"'
    yield f"authority    {site.authority.certificate}"
    yield f"citizens     {url}{CITIZEN_PAGES.home}  (a browser warns of the demo's certificate)"
    yield f"  anonymous  {url}{ANONYMOUS.home}"
    yield f"staff        {url}{STAFF_PAGES.home}"
    yield f"status       {url}/status"
    yield f"SOAP         {url}/soap"
    yield f"WSDL         {url}/soap/ProcessCase/1/rivtabp21?wsdl"
    yield f"OpenAPI      {url}/api/v1/openapi.json"
    yield f"deliveries   curl --cacert {site.authority.certificate} {key} {url}/api/v1/deliveries"
    yield f"files, logs  {site.folder}"


def _roles(claims: Claims) -> str:
    assignments = claims.get("assignments")
    if assignments is None:
        return "citizen"
    return ", ".join(one["role"] for one in assignments)


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
