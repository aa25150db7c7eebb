"""Requests that came together go through the door side by side (decision 0030)."""

import asyncio
from dataclasses import replace

from gateway.facade.soap import make_calls


def test_each_step_is_done_for_all_before_the_next(doors, envelope, submitted, lines):
    """DOMAIN A1: none is answered while another of the same round is still to be read."""
    steps = []

    async def keep(new):
        steps.append("kept")
        return await doors.intake.keep(new)

    calls = make_calls(replace(doors, intake=replace(doors.intake, keep=keep)))

    async def call(body):
        async def receive():
            steps.append("read")
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            if message["type"] == "http.response.body":
                steps.append(f"answered after {len(lines)}")

        await calls(_SCOPE, receive, send)

    async def all_at_once():
        await asyncio.gather(*(call(envelope(submitted(caseId=f"c-{n}"))) for n in range(3)))

    asyncio.run(all_at_once())
    answered = ["answered after 1", "answered after 2", "answered after 3"]
    assert steps == ["read"] * 3 + ["kept"] * 3 + answered


_SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/soap",
    "headers": [(b"x-vp-sender-id", b"SE5560000000-E177")],
    "client": ("127.0.0.1", 4711),
}
