"""Which role may do what with cases, lists and statistics, as one table (DOMAIN E1)."""

from enum import StrEnum

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.lifecycle import CaseState
from gateway.flow.caller import INBOX_ROLES, Caller, Role
from gateway.flow.records import CaseRecord


class Verb(StrEnum):
    """
    Everything that can be done to, or seen of, cases, lists and statistics.

    The value finishes the sentence "a caller may …". It never says on which case: a holder's verbs
    are for the cases that it holds, an e-service's for those that it sent.
    """

    SUBMIT = "submit, supplement and withdraw cases"
    READ_CITIZEN_INBOX = "read the inbox of a citizen"
    SEND_FILES = "send files by themselves"
    REGISTER_CASE = "register a case that began outside"
    FETCH_DELIVERIES = "fetch what waits for a system"
    LIST_CASES = "list the cases of a unit, without content"
    SEE_TIMELINE = "see where a case stands and its steps, without content"
    READ_CASE = "read the content of a case"
    ASSIGN = "assign a case to a handler"
    VERIFY_RELATION = "mark the relation to the patient as verified"
    REPLY = "reply to the citizen"
    REQUEST_SUPPLEMENT = "ask the citizen for more"
    FORWARD = "forward a case"
    FORWARD_BACK = "forward a case to where it was declined"
    CORRECT_UNIT = "correct the unit where it happened"
    CLASSIFY = "classify a case"
    CLOSE = "close a case"
    REOPEN = "reopen a case"
    WORK_ON_THEMES = "group feedback by theme and note measures"
    EXPORT_CASE = "export a case, and note its diary number"
    HOLD_CASE = "keep a case from disposal"
    DISPOSE = "list and carry out disposal"
    SEE_STATISTICS = "see statistics"


# Handed out to nobody but here; what is not in the table is not allowed.
_SEES = frozenset({Verb.LIST_CASES, Verb.SEE_TIMELINE})
_HANDLES = _SEES | frozenset(
    {
        Verb.ASSIGN,
        Verb.READ_CASE,
        Verb.VERIFY_RELATION,
        Verb.REPLY,
        Verb.REQUEST_SUPPLEMENT,
        Verb.FORWARD,
        Verb.CLASSIFY,
        Verb.CLOSE,
        Verb.REOPEN,
        Verb.REGISTER_CASE,
        Verb.SEND_FILES,
        Verb.WORK_ON_THEMES,
        Verb.EXPORT_CASE,
        Verb.HOLD_CASE,
        Verb.SEE_STATISTICS,
    }
)

MAY: dict[Role, frozenset[Verb]] = {
    Role.E_SERVICE: frozenset(
        {Verb.SUBMIT, Verb.READ_CITIZEN_INBOX, Verb.SEE_TIMELINE, Verb.SEND_FILES}
    ),
    Role.CASE_SYSTEM: frozenset(
        {
            Verb.FETCH_DELIVERIES,
            Verb.REPLY,
            Verb.REQUEST_SUPPLEMENT,
            Verb.FORWARD,
            Verb.CORRECT_UNIT,
            Verb.CLASSIFY,
            Verb.CLOSE,
            Verb.REGISTER_CASE,
            Verb.SEND_FILES,
        }
    ),
    Role.CASE_RECEIVER: _HANDLES,
    Role.CASE_DISTRIBUTOR: _SEES | {Verb.ASSIGN},
    Role.COORDINATOR: _HANDLES,
    Role.COMMITTEE_STAFF: _HANDLES | {Verb.CORRECT_UNIT},
    Role.FOLLOW_UP: frozenset({Verb.SEE_STATISTICS}),
    Role.OPERATOR: frozenset({Verb.SEE_TIMELINE, Verb.FORWARD_BACK, Verb.HOLD_CASE, Verb.DISPOSE}),
    Role.NATIONAL: frozenset({Verb.SEE_STATISTICS}),
    Role.AUDITOR: frozenset({Verb.SEE_TIMELINE}),
    Role.INTEGRATOR: frozenset(),
}


def may(role: Role, verb: Verb) -> bool:
    """Tell whether a role may do this at all; on which cases, the verb itself tells."""
    return verb in MAY.get(role, frozenset())


def require_verb(caller: Caller, verb: Verb) -> None:
    """Let only those through who may do this; deny by default (403 not-permitted)."""
    if not may(caller.role, verb):
        words = f"{caller.hsa_id} is known as {caller.role.value}, which may not {verb.value}"
        raise Refusal(Fault(Rule.NOT_PERMITTED, "caller", words))


def admit(caller: Caller, verb: Verb) -> None:
    """
    Let those to a case who may do this, or may know of cases and are told there that they may not.

    So who lacks a verb learns of no other unit's case by asking; ask `require_on_case` next.
    """
    if not may(caller.role, Verb.LIST_CASES):
        require_verb(caller, verb)


def require_on_case(caller: Caller, verb: Verb, case: CaseRecord) -> None:
    """
    Let only those through who may do this to this case.

    To the staff of other units the case does not even exist (404 case-unknown). Who may know of
    it, and not do this, is told so (403 not-permitted), and so is a system that does not hold it
    (403 not-the-holder).
    """
    if not caller.acts_for(case.holder):
        if caller.role in INBOX_ROLES:
            raise Refusal(UNKNOWN_CASE)
        words = f"the case is not held by {caller.hsa_id}; only its holder may post"
        raise Refusal(Fault(Rule.NOT_THE_HOLDER, "caseNumber", words))
    require_verb(caller, verb)
    if verb is not Verb.SEE_TIMELINE:
        refuse_disposed(case)


def refuse_disposed(case: CaseRecord) -> None:
    """Tell whoever may know of a case that nothing is left of it but its proof (DOMAIN E4)."""
    if case.state is CaseState.DISPOSED:
        words = "the case was disposed of when its time was over; only its timeline is left"
        raise Refusal(Fault(Rule.CASE_DISPOSED, "caseNumber", words))


# The name that was asked for is not repeated: it may be anything, a personal number too.
UNKNOWN_CASE = Fault(Rule.CASE_UNKNOWN, "caseNumber", "no case of that name is known here")
