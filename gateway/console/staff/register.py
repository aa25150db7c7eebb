"""Register a case that began by phone, at a visit or with a letter (DOMAIN A12)."""

from collections.abc import Iterator

from starlette.responses import Response

from gateway.console.staff.places import place_name
from gateway.console.staff.registration_form import registration_of
from gateway.console.staff.visit import INBOX, REGISTER, Visit
from gateway.console.tried import Tried, tried
from gateway.domain.case import AnswerWanted, Kind, ReceiverType, Relation
from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.period import SWEDEN
from gateway.domain.registration import Channel
from gateway.domain.routing import Routed
from gateway.flow.access import Verb, require_verb
from gateway.flow.numbers import new_message_id

NAME = "register"
_MOST_FOUND = 10
# A coordinator's own are picked among so many that fit the words.
_MOST_LOOKED_AT = 200


def show(visit: Visit) -> Response:
    """Show the form, when it is known for which unit; else what finds one."""
    require_verb(visit.caller, Verb.REGISTER_CASE)
    return _shown(visit, None)


def register(visit: Visit) -> Response:
    """Register a case, and go to it."""
    require_verb(visit.caller, Verb.REGISTER_CASE)
    try:
        visit.form.check_lengths()
        registration = registration_of(visit)
        kept = visit.desk.registering.register(registration, visit.caller)
    except Refusal as refusal:
        if refusal.faults[0].rule is Rule.NOT_PERMITTED or not _units(visit):
            raise
        return _shown(visit, tried(visit, NAME, refusal))
    if not kept.repeated:
        visit.desk.watching.case_accepted("console", registration.case.kind)
    return visit.to(f"{INBOX}/{kept.receipt.case_number}?done={NAME}")


def _shown(visit: Visit, failed: Tried | None) -> Response:
    found, units = visit.searched("find"), _units(visit)
    table, now = visit.desk.registering.table(), visit.desk.clock()
    return visit.page(
        "staff/register.html",
        failed.status if failed else 200,
        here=REGISTER,
        units=[(unit.text, place_name(table, unit)) for unit in units],
        to_committee=any(table.receiver_of(unit) is ReceiverType.COMMITTEE for unit in units),
        find=found,
        found=[*_found(visit, found)] if found else (),
        tried=failed,
        filled=visit.form,
        key=visit.form.text("key") or new_message_id(),
        now=f"{now.astimezone(SWEDEN):%Y-%m-%dT%H:%M}",
        channels=[*Channel],
        kinds=[*Kind],
        answers=[*AnswerWanted],
        relations=[*Relation],
    )


def _units(visit: Visit) -> list[HsaId]:
    """Give the units that the form is for, the one that was chosen before first."""
    chosen = visit.form.text("unit") or visit.request.query_params.get("unit", "")
    units = [*_own_units(visit)]
    if chosen and _comes_here(visit, HsaId(chosen)):
        return list(dict.fromkeys([HsaId(chosen), *units]))
    return units


def _own_units(visit: Visit) -> Iterator[HsaId]:
    """Give the addresses of the caller's own whose cases come to them."""
    for unit in sorted(visit.caller.units, key=lambda one: one.key):
        if _comes_here(visit, unit):
            yield unit


def _found(visit: Visit, text: str) -> Iterator[tuple[str, str]]:
    """Find units, by their words, whose cases come to the caller."""
    offer = visit.desk.chooser.search(text, None, None, _MOST_LOOKED_AT)
    units = [one for one in offer.units if _comes_here(visit, one.hsa_id)]
    for one in units[:_MOST_FOUND]:
        yield one.hsa_id.text, f"{one.name}, {one.place}" if one.place else one.name


def _comes_here(visit: Visit, address: HsaId) -> bool:
    table, now = visit.desk.registering.table(), visit.desk.clock()
    routes = (table.resolve(address, kind, table.receiver_of(address), now) for kind in Kind)
    return any(isinstance(to, Routed) and visit.caller.acts_for(to.holder) for to in routes)
