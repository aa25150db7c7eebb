"""What a case must be whose submitter has not said who they are (DOMAIN A9)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from gateway.domain.case import AnswerWanted, Case, Submitter
from gateway.domain.errors import Fault, Rule
from gateway.domain.law import event_date_faults, receiver_faults, text_faults
from gateway.domain.person import ANONYMOUS_OID, PersonId

# Before a case has its code, its submitter is this.
NOBODY = Submitter(PersonId(ANONYMOUS_OID, ""))

# Where an answer can be left for somebody whom nobody can reach.
ANSWERS = frozenset({AnswerWanted.INBOX, AnswerWanted.NONE})

# As long as a UUID without its hyphens: who knew the secret of codes, and could guess the id of a
# case, would have its code.
SHORTEST_CASE_ID = 32


def anonymous_case_faults(case: Case, today: date) -> list[Fault]:
    """
    Tell every rule that an anonymous case breaks; `today` is the date in Sweden.

    It names no person, neither submitter nor patient, and has no files: a file tells who made it.
    """
    return [
        *receiver_faults(case.receiver),
        *event_date_faults(case.event_date, today),
        *_identity_faults(case),
        *text_faults(case.description, "description"),
    ]


def _identity_faults(case: Case) -> Iterator[Fault]:
    if len(case.case_id) < SHORTEST_CASE_ID:
        words = f"must be random and at least {SHORTEST_CASE_ID} characters, such as a UUID"
        yield Fault(Rule.SCHEMA, "caseId", words)
    if case.answer_wanted not in ANSWERS:
        words = f"nobody can be reached who is not known; send {' or '.join(sorted(ANSWERS))}"
        yield Fault(Rule.SCHEMA, "answerWanted", words)
    if case.submitter != replace(NOBODY, person_id=case.submitter.person_id):
        words = "an anonymous submitter has no name, no telephone and no e-mail; leave them out"
        yield Fault(Rule.SCHEMA, "submitter", words)
    if case.patient is not None:
        words = "an anonymous case names no patient; leave the patient out"
        yield Fault(Rule.SCHEMA, "patient", words)
    if case.attachments:
        words = "an anonymous case has no files, which tell who made them; leave them out"
        yield Fault(Rule.SCHEMA, "attachments", words)
