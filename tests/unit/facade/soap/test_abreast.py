"""Requests that came together go through the door side by side (decision 0030)."""

import asyncio
from dataclasses import replace

from gateway.facade.soap import make_calls


def test_each_step_is_done_for_all_before_the_next(doors, envelope, submitted, lines):
    """DOMAIN A1: none is answered while another of the same round is still to be read."""
    steps: list[str] = []
    calls = make_calls(_watched(doors, steps))

    async def call(case_id):
        async def receive():
            steps.append("read")
            body = envelope(submitted(caseId=case_id))
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            if message["type"] == "http.response.body":
                steps.append(f"answered after {len(lines)}")

        await calls(_SCOPE, receive, send)

    async def all_at_once():
        await asyncio.gather(*map(call, "abc"))

    asyncio.run(all_at_once())
    answered = ["answered after 1", "answered after 2", "answered after 3"]
    assert steps == ["read"] * 3 + ["understood"] * 3 + ["kept"] * 3 + answered


def _watched(doors, steps):
    """Give the doors, with what is done of each request noted in `steps`."""

    class Seen:
        def check_peer(self, *told):
            doors.identity.check_peer(*told)

        def by_soap_peer(self, *told):
            steps.append("understood")
            return doors.identity.by_soap_peer(*told)

    async def keep(new):
        steps.append("kept")
        return await doors.intake.keep(new)

    return replace(doors, identity=Seen(), intake=replace(doors.intake, keep=keep))


_SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/soap",
    "headers": [(b"x-vp-sender-id", b"SE5560000000-E177")],
    "client": ("127.0.0.1", 4711),
}
