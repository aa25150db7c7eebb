"""Take one SOAP request: check it in order, do what it asks, and say how it went."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from anyio import to_thread
from starlette.types import Receive

from gateway.domain.errors import Fault, FilesAway, Refusal, Rule, Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.notation import Json
from gateway.facade.abreast import abreast
from gateway.facade.body import read_body
from gateway.facade.doors import Doors
from gateway.facade.head import Head, first
from gateway.facade.peer import Peer
from gateway.facade.soap.call import Call, shortened
from gateway.facade.soap.chain import check_route, with_those_behind
from gateway.facade.soap.contracts import Contract
from gateway.facade.soap.envelope import Envelope, NotUnderstood, read_envelope
from gateway.facade.soap.faults import (
    not_understood_fault,
    soap_envelope,
    unexpected_fault,
    vp_fault,
)
from gateway.facade.soap.interaction import Answered, Asked, Interaction, Written
from gateway.facade.soap.language import Language
from gateway.facade.soap.mtom import is_package, read_package
from gateway.flow.caller import Caller
from gateway.flow.permission import require_permission

# Parsing more than this would keep other requests waiting; it is done beside them.
LARGE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """
    What goes back, the code that stands in it, and what only the log tells.

    With a `rest`, `body` is the start of it.
    """

    status: int
    body: bytes
    vp_code: str | None = None
    sub_code: str | None = None
    retry_after: int | None = None
    reason: str | None = None
    error: BaseException | None = None
    rest: Iterator[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Arriving:
    """A request of which the head has come, and who it comes from."""

    head: Head
    peer: Peer
    receive: Receive


@dataclass(frozen=True, slots=True)
class Door:
    """The SOAP door, with its contracts by namespace."""

    doors: Doors
    contracts: Mapping[str, Contract]

    async def take(self, request: Arriving, call: Call) -> Reply:
        """Answer whatever comes; what is learnt on the way is put in `call`."""
        try:
            return self._done(await self._answered(request, call), call)
        except Refusal as refusal:
            return self._refused(refusal, call)
        except NotUnderstood as error:
            self.doors.watching.request_refused("soap", "not-understood")
            body = not_understood_fault(self.doors.name, shortened(str(error)))
            return Reply(500, body, reason="a header must be understood that is not known here")
        except FilesAway as error:
            return self._without_files(error, call)
        except Unavailable as error:
            self.doors.watching.request_refused("soap", "unavailable")
            words = f"try again in {error.retry_after} seconds, logId {call.log_id}"
            body = vp_fault("VP012", self.doors.name, words)
            return Reply(500, body, "VP012", retry_after=error.retry_after, reason=str(error))
        except Exception as error:  # noqa: BLE001 whatever breaks, the caller gets a fault
            self.doors.watching.request_refused("soap", "internal")
            return Reply(500, unexpected_fault(self.doors.name, call.log_id), error=error)

    async def _answered(self, request: Arriving, call: Call) -> Answered | Written:
        # A stranger does not get us to read megabytes.
        self.doors.identity.check_peer(request.head, request.peer)
        largest = self.doors.largest_request
        body = await read_body(request.head, request.receive, largest)
        await abreast()
        # The tree of the request is not held while its answer is waited for: the next request
        # gets the same memory, which is still in the processor's cache.
        asked, contract = self._understood(await _read(body, request.head), request, call)
        del body
        await abreast()
        return await contract.interaction.answer(self.doors, asked)

    def _understood(
        self, envelope: Envelope, request: Arriving, call: Call
    ) -> tuple[Asked, Contract]:
        # The order is a promise: which fault a request with several gets.
        call.address, call.namespace = envelope.address, envelope.namespace
        sender = call.caller = self.doors.identity.by_soap_peer(request.head, request.peer)
        check_route(request.head, self.doors.hsa_id)
        caller = call.caller = with_those_behind(sender, request.head)
        address = self._address(envelope)
        contract = call.contract = self._contract(envelope.namespace, address)
        self._check_permission(contract.interaction, caller, address)
        content = contract.read(envelope)
        call.case_number = content.get("caseNumber")
        return Asked(content, address, caller), contract

    def _address(self, envelope: Envelope) -> HsaId:
        asked = self.contracts.get(envelope.namespace)
        if asked and not asked.interaction.has_address:
            return self.doors.hsa_id
        return _address(envelope)

    def _contract(self, namespace: str, address: HsaId) -> Contract:
        contract = self.contracts.get(namespace)
        if contract is None:
            raise _no_route("this gateway does not serve the contract")
        if address.text != address.text.strip():
            raise _no_route("no unit has this address")
        if contract.interaction.for_gateway and address != self.doors.hsa_id:
            raise _no_route(f"the logical address of this contract is {self.doors.hsa_id}")
        return contract

    def _check_permission(self, asked: Interaction, caller: Caller, address: HsaId) -> None:
        # A case's address is looked up by its intake, which asks for permission after that.
        if asked.for_gateway and asked.has_address:
            operating = self.doors.operating
            table, now = operating.table(), operating.clock()
            require_permission(table, caller, asked.namespace, address, now)

    def _done(self, answered: Answered | Written, call: Call) -> Reply:
        if isinstance(answered, Written):
            return Reply(200, answered.start, rest=answered.rest)
        call.case_number = answered.case_number
        result = _spoken(call).well(call.log_id)
        return _business_reply(call, {"result": result, **answered.content})

    def _refused(self, refusal: Refusal, call: Call) -> Reply:
        code, rule = refusal.outside.vp_code, refusal.faults[0].rule.name
        self.doors.watching.request_refused("soap", refusal.outside.problem)
        if code is not None:
            body = vp_fault(code, self.doors.name, _detail(code, refusal, call))
            return Reply(500, body, vp_code=code, sub_code=rule)
        result = _spoken(call).badly(refusal, call.log_id)
        return _business_reply(call, {"result": result}, rule)

    def _without_files(self, away: FilesAway, call: Call) -> Reply:
        self.doors.watching.request_refused("soap", "files-away")
        result = _spoken(call).without_files(away, call.log_id)
        reply = _business_reply(call, {"result": result}, "FILES_AWAY")
        return replace(reply, reason=str(away))


async def _read(data: bytes, head: Head) -> Envelope:
    media_type = first(head, "content-type") or ""
    read = partial(read_package, media_type) if is_package(media_type) else read_envelope
    if len(data) <= LARGE:
        return read(data)
    return await to_thread.run_sync(read, data)


def _address(envelope: Envelope) -> HsaId:
    if not (envelope.address and envelope.address.strip()):
        words = "give LogicalAddress (RIV-TA BP 2.1) or To (BP 2.0) in the SOAP header"
        raise Refusal(Fault(Rule.NO_LOGICAL_ADDRESS, "Header", words))
    return HsaId(envelope.address)


def _no_route(words: str) -> Refusal:
    return Refusal(Fault(Rule.UNKNOWN_UNIT, "Header/LogicalAddress", words))


def _business_reply(call: Call, content: Json, sub_code: str | None = None) -> Reply:
    return Reply(200, soap_envelope(_known(call).write(content)), sub_code=sub_code)


def _spoken(call: Call) -> Language:
    return _known(call).interaction.language


def _known(call: Call) -> Contract:
    if call.contract is None:
        raise AssertionError("a rule that is checked before the contract is known has a VP code")
    return call.contract


def _detail(code: str, refusal: Refusal, call: Call) -> str:
    """Say what is wrong, and for some codes what it concerns, as INTEROP §2.6 has it."""
    if code == "VP014":
        return ""
    if code not in ("VP004", "VP007"):
        return str(refusal)
    address = call.address or ""
    words = "; ".join(fault.message for fault in refusal.faults)
    about = [f"serviceNamespace: {shortened(call.namespace)}", f"receiverId: {shortened(address)}"]
    if code == "VP007" and call.caller:
        about.append(f"senderId: {call.caller.hsa_id}")
    hint = _BLANKS if address != address.strip() else ""
    return f"{words}; {', '.join(about)}{hint}"


# INTEROP §2.2: blanks are kept, so they are the usual reason why an address is not found.
_BLANKS = " (the address begins or ends with blanks, which are never removed)"
