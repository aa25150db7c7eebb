"""The e-service: knows every case that it sent, and sends it until it has a receipt."""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field

from bench.envelope import make_envelope
from gateway.testing.process import E_SERVICE

_CASE_NUMBER = re.compile(rb"<(?:\w+:)?caseNumber>([^<]+)</")
_ANSWERED_WITHIN_S = 5.0
_PAUSE_S = 0.1


@dataclass(slots=True)
class EService:
    """
    Sends cases from several threads, at about `rate` cases a second in all.

    `receipts` has the numbers that each case id got: more than one is a case taken in twice.
    """

    port: int
    unit: str
    rate: float
    clients: int = 8
    receipts: dict[str, set[str]] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin to send."""
        for client in range(self.clients):
            self._threads.append(threading.Thread(target=self._send_until_ended, args=(client,)))
            self._threads[-1].start()

    def stop(self) -> None:
        """Send no new case, and wait until every one has its receipt."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def accepted(self) -> set[str]:
        """Give the numbers of all cases that have a receipt now."""
        return {number for numbers in list(self.receipts.values()) for number in list(numbers)}

    def _send_until_ended(self, client: int) -> None:
        count = 0
        while not self._ended.wait(self.clients / self.rate):
            count += 1
            self._send_until_received(f"case-{client}-{count}")

    def _send_until_received(self, case_id: str) -> None:
        body = make_envelope(self.unit, case_id)
        while (number := self._send(body)) is None:
            time.sleep(_PAUSE_S)
        self.receipts.setdefault(case_id, set()).add(number)
        # One in eight is sent again: its receipt might have been lost on the way.
        if hash(case_id) % 8 == 0 and (again := self._send(body)) is not None:
            self.receipts[case_id].add(again)

    def _send(self, body: bytes) -> str | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_ANSWERED_WITHIN_S)
        headers = {"Content-Type": "text/xml", "x-vp-sender-id": E_SERVICE}
        try:
            connection.request("POST", "/soap", body, headers)
            found = _CASE_NUMBER.search(connection.getresponse().read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return found[1].decode() if found else None
