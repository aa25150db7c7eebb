"""Cases that came together go through the door side by side (decision 0030)."""

import asyncio
import json
from dataclasses import replace

from gateway.domain.notation import case_from_json
from gateway.facade.rest.api import make_rest


def test_each_step_is_done_for_all_before_the_next(doors, case, monkeypatch):
    """DOMAIN A1: none is taken in while another of the same round is still to be read."""
    steps: list[str] = []

    async def keep(new):
        steps.append("kept")
        return await doors.intake.keep(new)

    def understood(body):
        steps.append("understood")
        return case_from_json(body)

    monkeypatch.setattr("gateway.facade.rest.cases.case_from_json", understood)
    app = make_rest(replace(doors, intake=replace(doors.intake, keep=keep)))

    async def submit(case_id):
        async def receive():
            steps.append("read")
            body = json.dumps(case | {"caseId": case_id, "attachments": []}).encode()
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            assert message.get("status") in (201, None)

        await app(dict(_SCOPE), receive, send)

    async def all_at_once():
        await asyncio.gather(*map(submit, "abc"))

    asyncio.run(all_at_once())
    assert steps == ["read"] * 3 + ["understood"] * 3 + ["kept"] * 3


_SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/cases",
    "root_path": "",
    "query_string": b"",
    "headers": [(b"x-api-key", b"e-service"), (b"content-type", b"application/json")],
    "client": ("127.0.0.1", 4711),
    "server": ("127.0.0.1", 80),
    "scheme": "http",
}
