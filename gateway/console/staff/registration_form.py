"""Read the form of a case that began outside; the law is asked when it is registered (A12)."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from gateway.console.forms import Form, one_line
from gateway.console.staff.visit import Visit
from gateway.console.tried import form_key
from gateway.domain.case import (
    AnswerWanted,
    Case,
    Kind,
    Patient,
    Receiver,
    ReceiverType,
    Relation,
    Submitter,
)
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.period import SWEDEN
from gateway.domain.person import KIND_BY_OID, PersonId, PersonIdKind
from gateway.domain.person_number import as_written
from gateway.domain.registration import FIRST_TIME, Channel, Registration

_RESERVE_OID = next(oid for oid, kind in KIND_BY_OID.items() if kind is PersonIdKind.RESERVE)
_Chosen = TypeVar("_Chosen", bound=StrEnum)


def registration_of(visit: Visit) -> Registration:
    """Read a registration; raises Refusal with all that is missing or has no form."""
    missing = [*_missing(visit.form)]
    if missing:
        raise Refusal(*missing)
    return Registration(
        _case(visit),
        _chosen(Channel, visit.form, "channel"),
        _received_at(visit.form),
    )


def _case(visit: Visit) -> Case:
    form = visit.form
    return Case(
        case_id=form_key(visit),
        kind=_chosen(Kind, form, "kind"),
        receiver=_receiver(visit),
        event_date=_day(form, "event"),
        answer_wanted=_chosen(AnswerWanted, form, "answer"),
        submitter=Submitter(
            _person(visit, one_line(form, "person")),
            form.text("name") or None,
            form.text("phone") or None,
            form.text("email") or None,
        ),
        description=form.text("text"),
        patient=_patient(visit),
        desired_outcome=form.text("desired") or None,
        attachments=form.files,
    )


def _receiver(visit: Visit) -> Receiver:
    unit = HsaId(one_line(visit.form, "unit"))
    type_ = visit.desk.registering.table().receiver_of(unit)
    is_committee = type_ is ReceiverType.COMMITTEE
    return Receiver(type_, unit, (visit.form.text("place") or None) if is_committee else None)


def _patient(visit: Visit) -> Patient | None:
    form = visit.form
    if not form.text("patient"):
        return None
    return Patient(
        _person(visit, form.text("patient")),
        _chosen(Relation, form, "relation"),
        bool(form.text("power_of_attorney")),
        form.text("patient_name") or None,
    )


def _person(visit: Visit, text: str) -> PersonId:
    """Read a number as people write it; what is none of the two, the law takes for a reserve."""
    today = visit.desk.clock().astimezone(SWEDEN).date()
    reserve = "".join(text.split()).replace("-", "").upper()
    return as_written(text, today) or PersonId(_RESERVE_OID, reserve)


def _missing(form: Form) -> Iterator[Fault]:
    for name in ("unit", "event", "received", "person", "text"):
        if not form.text(name):
            yield Fault(Rule.TEXT_MISSING, name, "is empty; fill it in")


def _chosen(kind: type[_Chosen], form: Form, name: str) -> _Chosen:
    try:
        return kind(form.text(name))
    except ValueError:
        words = f"must be one of {', '.join(kind)}"
        raise Refusal(Fault(Rule.CODE_UNKNOWN, name, words)) from None


def _day(form: Form, name: str) -> date:
    try:
        return date.fromisoformat(form.text(name))
    except ValueError:
        words = "must be a day as 2026-03-01"
        raise Refusal(Fault(Rule.SCHEMA, name, words)) from None


def _received_at(form: Form) -> datetime:
    try:
        received_at = datetime.fromisoformat(form.text("received")).replace(tzinfo=SWEDEN)
        if received_at >= FIRST_TIME:
            return received_at
    except ValueError:
        pass
    words = "must be a time as 2026-03-02T09:30"
    raise Refusal(Fault(Rule.SCHEMA, "received", words))
