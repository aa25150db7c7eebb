"""What staff see of a case whose submitter nobody knows (DOMAIN A9)."""

import asyncio
from uuid import uuid4

from gateway.domain.anonymous import NOBODY
from gateway.domain.case import Receiver, ReceiverType
from gateway.flow.caller import Caller, Role
from gateway.testing.builders import E_SERVICE, make_case, make_message
from tests.doors import CODES
from tests.unit.console.conftest import UNIT


def test_the_case_says_so_and_shows_no_number(doors, store, receiver):
    """DOMAIN A9: staff can neither look anybody up nor read the code."""
    to = Receiver(ReceiverType.CARE, UNIT)
    case = make_case(case_id=str(uuid4()), submitter=NOBODY, receiver=to)
    e_service = Caller(E_SERVICE, "1177", Role.E_SERVICE)
    kept, code = asyncio.run(doors.anonymous.submit(case, e_service))
    number, submitter = kept.receipt.case_number, CODES.submitter_of(code)
    assert submitter
    store.unit_inboxes.put(make_message(case_number=number, case=case))
    shown = receiver.get(f"/cases/{number}").text
    assert "Anonym." in shown
    assert "Personnummer" not in shown
    assert submitter.number not in shown
    assert code not in shown
    assert 'id="verify-relation"' not in shown
