"""Foreign systems to deliver to, in the five moods that real ones have: each on a real socket."""

import base64
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message as EmailMessage
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, Self

from gateway.adapter import Json, Message, Unavailable, message_to_json


class Mood(Enum):
    """How a foreign system is today."""

    WELL = auto()  # takes what comes
    BUSY = auto()  # answers that it cannot take anything now
    STRICT = auto()  # answers that it will never take this
    GONE = auto()  # nothing listens
    MUTE = auto()  # takes what comes, and does not answer


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a foreign system has kept of one message."""

    message_id: str
    case_number: str
    event: str
    attachments: tuple[bytes, ...] = ()


class Remote(Protocol):
    """
    What the contract of adapters asks of a fake foreign system.

    `settings` are what a destination needs to reach it. `arrivals` are what it has kept, in order;
    a repeat adds none where the system recognises repeats.
    """

    @property
    def settings(self) -> Mapping[str, object]:
        """What a destination needs to reach it."""
        ...

    @property
    def arrivals(self) -> list[Arrival]:
        """What it has kept, in order; repeats are not kept where the system recognises them."""
        ...

    def be(self, mood: Mood) -> None:
        """Change the mood."""
        ...

    def case_id(self, case_number: str) -> str | None:
        """What it calls a case, if it tells."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


class ForeignSystem(ABC):
    """
    An HTTP server with moods on a free port of this machine, to be used in a `with`.

    A subclass speaks one dialect. It recognises repeats by the message's id.
    """

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self._mood = Mood.WELL
        self._lock = threading.Lock()
        self._mood_changed = threading.Event()
        self._server = self._listen(0)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.be(Mood.GONE)

    @property
    def mood(self) -> Mood:
        """How it is today."""
        return self._mood

    @property
    @abstractmethod
    def settings(self) -> Mapping[str, object]:
        """What a destination needs to reach it."""

    @abstractmethod
    def read(self, headers: EmailMessage, body: bytes) -> Arrival:
        """Read what came; raises ValueError when it breaks the contract."""

    @abstractmethod
    def receipt(self, arrival: Arrival) -> Answer:
        """Word that it is kept."""

    @abstractmethod
    def busy(self) -> Answer:
        """Word that nothing can be taken now."""

    @abstractmethod
    def refusal(self, why: str) -> Answer:
        """Word that this will never be taken."""

    def case_id(self, case_number: str) -> str | None:
        """What it calls a case."""
        return f"EXT-{case_number}"

    def be(self, mood: Mood) -> None:
        """Change the mood; who still waits for a mute system is cut off."""
        before, self._mood = self._mood, mood
        self._mood_changed.set()
        if before is not Mood.GONE and mood is Mood.GONE:
            self._server.shutdown()
            self._server.server_close()
        if before is Mood.GONE and mood is not Mood.GONE:
            self._server = self._listen(self.port)
        self._mood_changed = threading.Event()

    def call(self, method: str, path: str, headers: EmailMessage, body: bytes) -> Answer | None:
        """Answer one call; a system with more than one kind of call tells them apart here."""
        return self.answer(headers, body)

    def answer(self, headers: EmailMessage, body: bytes) -> Answer | None:
        """Answer one message in today's mood; None is silence."""
        if self._mood is Mood.BUSY:
            return self.busy()
        if self._mood is Mood.STRICT:
            # Whoever repeats these words lets personal data out.
            return self.refusal(f"will not take {body.decode()}")
        try:
            arrival = self.read(headers, body)
        except ValueError as error:
            return self.refusal(str(error))
        self._keep(arrival)
        return self.silence() if self._mood is Mood.MUTE else self.receipt(arrival)

    def silence(self) -> Answer | None:
        """Say nothing until the mood changes."""
        self._mood_changed.wait()
        return None

    def _keep(self, arrival: Arrival) -> None:
        with self._lock:
            if arrival.message_id not in {known.message_id for known in self.arrivals}:
                self.arrivals.append(arrival)

    def _listen(self, port: int) -> ThreadingHTTPServer:
        handler = type("Handler", (_Handler,), {"system": self})
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server


def arrival_of_json(json: Mapping[str, Any]) -> Arrival:  # any JSON value
    """Note what came in our one notation."""
    parts = (json["case"], json.get("supplement", {}), *json.get("history", ()))
    contents = (a["content"] for part in parts for a in part.get("attachments", ()))
    return Arrival(
        json["messageId"],
        json["caseNumber"],
        json["caseEvent"],
        tuple(base64.b64decode(content) for content in contents),
    )


class FakeUnitInbox:
    """The built-in inbox as lent to an adapter; BUSY is a database that does not answer."""

    settings: Mapping[str, object] = {}

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self._mood = Mood.WELL

    def be(self, mood: Mood) -> None:
        """Change the mood; an inbox in the same house is well or busy."""
        self._mood = mood

    def case_id(self, case_number: str) -> str | None:
        """The inbox keeps Växel's own number."""
        return case_number

    def put(self, message: Message) -> str:
        """Keep it once; raises Unavailable when busy."""
        if self._mood is not Mood.WELL:
            raise Unavailable("the database does not answer", retry_after=7)
        if message.message_id not in {known.message_id for known in self.arrivals}:
            self.arrivals.append(arrival_of_json(message_to_json(message)))
        return message.case_number


class Killed(BaseException):
    """The worker was killed: nothing that runs can do anything about it."""


class FakeSteps:
    """The memory of steps as lent to an adapter; `kill_after` a step, to see what a retry does."""

    def __init__(self) -> None:
        self.kill_after: int | None = None
        self.done: dict[tuple[str, str], Json] = {}

    def once(self, message: Message, name: str, do: Callable[[], Json]) -> Json:
        """Do a step that is not done; raises Killed when that was the last one."""
        key = message.message_id, name
        if key not in self.done:
            self.done[key] = do()
            if len(self.done) == self.kill_after:
                raise Killed
        return self.done[key]


class _Handler(BaseHTTPRequestHandler):
    system: ForeignSystem

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.system.call(self.command, self.path, self.headers, body)
        if answer is None:
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_PUT = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what comes here is personal."""
