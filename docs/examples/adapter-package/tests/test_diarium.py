"""Diarium keeps the contract of adapters, and so can be trusted with cases."""

import json
from collections.abc import Iterator, Mapping
from email.message import Message as EmailMessage
from urllib.parse import parse_qs, urlsplit

import pytest
from vaxel_diarium import Diarium

from gateway.testing.adapter_contract import AdapterContract, FindingContract
from gateway.testing.foreign import Answer, Arrival, ForeignSystem, Mood, arrival_of_json


class FakeDiarium(ForeignSystem):
    """A Diarium: a new number for each who asks, and what is uploaded lies under its number."""

    def __init__(self) -> None:
        super().__init__()
        self.reserved = 0
        self.numbers: dict[str, str] = {}

    @property
    def settings(self) -> Mapping[str, object]:
        """Its address, and our key there."""
        return {"url": f"http://127.0.0.1:{self.port}", "api_key": "a key of the test"}

    def call(self, method: str, path: str, headers: EmailMessage, body: bytes) -> Answer | None:
        """Tell its three calls apart."""
        if method == "PUT":
            self.numbers.setdefault(json.loads(body)["messageId"], path.rpartition("/")[2])
            return self.answer(headers, body)
        if self.mood is Mood.BUSY:
            return self.busy()
        if self.mood is Mood.STRICT:
            return self.refusal("no")
        return self._reserve() if method == "POST" else self._find(path)

    def _reserve(self) -> Answer:
        with self._lock:
            self.reserved += 1
            return _json(201, {"number": f"D-{self.reserved}"})

    def _find(self, path: str) -> Answer | None:
        if self.mood is Mood.MUTE:
            return self.silence()
        message_id = parse_qs(urlsplit(path).query)["messageId"][0]
        kept = message_id in {arrival.message_id for arrival in self.arrivals}
        return _json(200, {"numbers": [self.numbers[message_id]] if kept else []})

    def case_id(self, case_number: str) -> str | None:
        """The number that the case lies under."""
        came = (a.message_id for a in self.arrivals if a.case_number == case_number)
        return self.numbers[next(came)]

    def read(self, headers: EmailMessage, body: bytes) -> Arrival:
        """Read an upload."""
        return arrival_of_json(json.loads(body))

    def receipt(self, arrival: Arrival) -> Answer:
        """Kept."""
        return Answer(204, b"", "application/json")

    def busy(self) -> Answer:
        """Come back in seven seconds."""
        return Answer(503, b"", "text/plain", {"Retry-After": "7"})

    def refusal(self, why: str) -> Answer:
        """Never."""
        return _json(422, {"detail": why})


class TestDiarium(AdapterContract, FindingContract):
    """All that Växel asks of an adapter, and of one whose system can be asked."""

    adapter = Diarium

    @pytest.fixture
    def remote(self) -> Iterator[FakeDiarium]:
        """Run the fake system."""
        with FakeDiarium() as system:
            yield system


def _json(status: int, values: Mapping[str, object]) -> Answer:
    return Answer(status, json.dumps(values).encode(), "application/json")
