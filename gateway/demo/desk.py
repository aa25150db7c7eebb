"""What a stand-in case system keeps: the cases it was sent, and the replies that it owes."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto

from gateway.demo.cases import FOR_A_PERSON, MORE_TO_COME, NEXT_UNIT, PICTURE_OFFERED, WRONG_UNIT
from gateway.demo.record import Line, Record

COMPLAINT = "COMPLAINT"
_WORDS = {
    "PARTIAL_REPLY": "Vi har läst det som du skrev, och utreder vad som hände.",
    "FINAL_REPLY": "Vi beklagar det som hände, och har ändrat våra rutiner.",
    "SUPPLEMENT_REQUEST": "Skicka gärna bilden till oss.",
    "FORWARD": "Det här hör till en annan mottagning.",
}
_AGAIN_AFTER_S = 0.3


@dataclass(frozen=True, slots=True)
class Came:
    """
    A message that came, as far as a stand-in understands it.

    `unit` is where the case stands now, and `files` how many came with a supplement.
    """

    message_id: str
    event: str
    case_number: str
    unit: str
    kind: str
    description: str = field(repr=False)
    files: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What the system says about a case: the same on every attempt, also after a restart."""

    message_id: str
    kind: str
    case_number: str
    external_case_id: str
    sent_at: datetime
    forward_to: str | None = None

    @property
    def text(self) -> str | None:
        """What the citizen reads."""
        return _WORDS.get(self.kind)

    @property
    def allows_files(self) -> bool:
        """Whether the citizen may send files from now on (DOMAIN D4)."""
        return self.kind == "SUPPLEMENT_REQUEST"

    @property
    def letter(self) -> bytes | None:
        """A text file that goes with every second final reply."""
        if self.kind != "FINAL_REPLY" or self.case_number[-1] in "13579":
            return None
        return f"Svar på ärende {self.case_number}.\nMed vänlig hälsning\n".encode()


class Posted(Enum):
    """What the gateway said to a reply."""

    ACCEPTED = auto()
    REFUSED = auto()
    AGAIN = auto()  # nothing, or that it cannot now


class Desk:
    """
    The cases and replies of one system, safe for threads.

    With a `record` it goes on after a restart where it was; `known` are the lines of before.
    """

    def __init__(
        self, hsa_id: str, record: Record | None = None, known: Iterable[Line] = ()
    ) -> None:
        self._name = hsa_id.rpartition("-")[2]
        self._record = record
        self._changed = threading.Condition()
        self._received: Counter[str] = Counter()
        self._held: Counter[str] = Counter()
        self._replies: dict[str, Reply] = {}
        self._owed: dict[str, Reply] = {}
        self._sent: set[str] = set()
        self._accepted: list[Reply] = []
        self._refused = 0
        for line in known:
            self._remember(line)

    def take(self, came: Came) -> str:
        """
        Keep a message, and owe replies the first time; gives our id of the case.

        Returns when it is written down.
        """
        line: Line = {"id": came.message_id, "event": came.event, "number": came.case_number}
        line |= {"unit": came.unit, "files": came.files, "at": datetime.now(UTC).isoformat()}
        line["kinds"] = owed_kinds(came.event, came.kind, came.description, came.unit)
        with self._changed:
            self._note("received", line)
            self._changed.notify_all()
        return self._external_id(came.case_number)

    def next_reply(self) -> Reply:
        """Wait for the oldest reply that has not been settled."""
        with self._changed:
            self._changed.wait_for(lambda: self._owed)
            reply = next(iter(self._owed.values()))
            self._sent.add(reply.message_id)
            return reply

    def settle(self, reply: Reply, posted: Posted) -> None:
        """Note that the gateway has accepted or refused a reply for good."""
        with self._changed:
            self._note("settled", {"id": reply.message_id, "posted": posted.name})

    def account(self) -> dict[str, object]:
        """
        Tell what came and what was said, without personal data.

        `held` counts how often a case was handed over as new, and not sent on since; `said` has
        what was accepted.
        """
        with self._changed:
            return {
                "received": dict(self._received),
                "cases": len(self._held),
                "held": dict(+self._held),
                "replies_sent": len(self._sent),
                "replies_accepted": len(self._accepted),
                "replies_refused": self._refused,
                "replies_waiting": len(self._owed),
                "said": [[reply.case_number, reply.kind] for reply in self._accepted],
            }

    def _note(self, what: str, line: Line) -> None:
        if self._record:
            self._record.write(what, **line)
        self._remember({"what": what, **line})

    def _remember(self, line: Line) -> None:
        if line["what"] == "received":
            self._remember_received(line)
        else:
            self._remember_settled(line["id"], Posted[line["posted"]])

    def _remember_received(self, line: Line) -> None:
        self._received[line["id"]] += 1
        if self._received[line["id"]] > 1:
            return
        number = line["number"]
        if line["event"] in ("SUBMITTED", "FORWARDED", "REGISTERED"):
            self._held[number] += 1
        if line["event"] == "WITHDRAWN":
            self._owed = {i: r for i, r in self._owed.items() if r.case_number != number}
        for kind in line["kinds"]:
            self._owe(kind, line)

    def _owe(self, kind: str, line: Line) -> None:
        number, at = line["number"], datetime.fromisoformat(line["at"])
        to = NEXT_UNIT[line["unit"]] if kind == "FORWARD" else None
        reply = Reply(f"{line['id']}-{kind}", kind, number, self._external_id(number), at, to)
        self._replies[reply.message_id] = self._owed[reply.message_id] = reply

    def _remember_settled(self, message_id: str, posted: Posted) -> None:
        self._sent.add(message_id)
        self._owed.pop(message_id, None)
        if posted is Posted.ACCEPTED:
            reply = self._replies[message_id]
            self._accepted.append(reply)
            if reply.forward_to:
                self._held[reply.case_number] -= 1
        else:
            self._refused += 1

    def _external_id(self, number: str) -> str:
        return f"{self._name}-{number}"


def owed_kinds(event: str, kind: str, description: str, unit: str) -> list[str]:
    """
    Tell what is said when this happens to a case at this unit.

    Feedback gets no individual reply (DOMAIN A11), and what came to the wrong unit goes on (D6).
    """
    if event == "WITHDRAWN":
        return ["CLOSED"]
    if event == "SUPPLEMENTED":
        return ["FINAL_REPLY", "CLOSED"] if PICTURE_OFFERED in description else []
    if FOR_A_PERSON in description:
        return []
    if WRONG_UNIT in description and unit in NEXT_UNIT:
        return ["FORWARD"]
    received = [] if event == "REGISTERED" else ["RECEIVED"]
    if PICTURE_OFFERED in description:
        return [*received, "SUPPLEMENT_REQUEST"]
    replies = ["IN_PROGRESS", "PARTIAL_REPLY", "FINAL_REPLY"] if kind == COMPLAINT else []
    return [*received, *replies, *([] if MORE_TO_COME in description else ["CLOSED"])]


def keep_answering(desk: Desk, post: Callable[[Reply], Posted], *, repeat: bool) -> None:
    """
    Send what the desk owes, each reply until it is settled, for ever and in order.

    With `repeat` every final reply is sent once more after it was accepted.
    """
    while True:
        reply = desk.next_reply()
        while (posted := post(reply)) is Posted.AGAIN:
            time.sleep(_AGAIN_AFTER_S)
        if repeat and reply.kind == "FINAL_REPLY" and posted is Posted.ACCEPTED:
            post(reply)
        desk.settle(reply, posted)
