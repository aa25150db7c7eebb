"""Make a case of what a citizen has filled in, or tell what is missing (DOMAIN A2–A6)."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from gateway.console.forms import Form
from gateway.console.tried import Wrong
from gateway.domain.case import (
    AnswerWanted,
    Case,
    Kind,
    Patient,
    Receiver,
    Relation,
    Submitter,
)
from gateway.domain.errors import Rule
from gateway.domain.law import event_date_faults
from gateway.domain.person import warnings
from gateway.domain.person_number import as_written

_Listed = TypeVar("_Listed", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was filled in, before somebody is known to have filled it in."""

    kind: Kind
    event_date: date
    patient: Patient | None
    description: str = field(repr=False)
    desired_outcome: str | None = field(repr=False)
    answer_wanted: AnswerWanted
    form: Form

    def case(self, case_id: str, receiver: Receiver, submitter: Submitter) -> Case:
        """Give the case."""
        return Case(
            case_id=case_id,
            kind=self.kind,
            receiver=receiver,
            event_date=self.event_date,
            answer_wanted=self.answer_wanted,
            submitter=submitter,
            description=self.description,
            patient=self.patient,
            desired_outcome=self.desired_outcome,
            attachments=self.form.files,
        )


def draft_of(form: Form, today: date) -> Draft | tuple[Wrong, ...]:
    """Read a form; with anything wrong, everything that is. `today` is the date in Sweden."""
    reading = _Reading(form)
    draft = Draft(
        kind=reading.one_of(Kind, "kind"),
        event_date=reading.day("event", today),
        patient=reading.patient(today),
        description=reading.filled("text"),
        desired_outcome=form.text("desired") or None,
        answer_wanted=reading.answer(),
        form=form,
    )
    return tuple(reading.wrong) or draft


@dataclass(slots=True)
class _Reading:
    """Reads the fields in the order of the form; what is wrong is noted, and passed by."""

    form: Form
    wrong: list[Wrong] = field(default_factory=list)

    def filled(self, name: str) -> str:
        text = self.form.text(name)
        if not text:
            self._note(name)
        return text

    def one_of(self, kind: type[_Listed], name: str) -> _Listed:
        try:
            return kind(self.form.text(name))
        except ValueError:
            self._note(name)
            return next(iter(kind))

    def day(self, name: str, today: date) -> date:
        try:
            day = date.fromisoformat(self.form.text(name))
        except ValueError:
            self._note(name)
            return today
        for fault in event_date_faults(day, today):
            is_to_come = fault.rule is Rule.EVENT_DATE_IN_FUTURE
            self._note(name, "event_future" if is_to_come else None)
        return day

    def answer(self) -> AnswerWanted:
        """Whoever gives feedback is asked for no way to be answered (A11)."""
        if self.form.text("kind") == Kind.FEEDBACK and not self.form.text("answer"):
            return AnswerWanted.NONE
        wanted = self.one_of(AnswerWanted, "answer")
        if wanted is AnswerWanted.PHONE and not self.form.text("phone"):
            self._note("phone")
        return wanted

    def patient(self, today: date) -> Patient | None:
        if self.form.text("who") == "me":
            return None
        if self.form.text("who") != "other":
            self._note("who")
            return None
        person = as_written(self.form.text("patient"), today)
        if person is None:
            self._note("patient")
        elif warnings(person) and self.form.text("checked") != self.form.text("patient"):
            # Such numbers occur, so it is asked once, and taken when it is sent again (A8).
            self._note("patient", "patient_check")
        relation = self.one_of(Relation, "relation")
        has_power = bool(self.form.text("power"))
        if relation is Relation.REPRESENTATIVE and not has_power:
            self._note("power")
        if person is None:
            return None
        return Patient(person, relation, has_power, self.form.text("patient_name") or None)

    def _note(self, name: str, why: str | None = None) -> None:
        self.wrong.append(Wrong(f"citizen_wrong.{why or name}", name))
