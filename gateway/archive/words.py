"""The Swedish words of the readable document."""

from collections.abc import Mapping

from gateway.domain.case import AnswerWanted, Kind, ReceiverType, Relation
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import InboxKind
from gateway.domain.person import KIND_BY_OID, PersonIdKind
from gateway.flow.timeline import Step

KINDS: Mapping[Kind, str] = {Kind.COMPLAINT: "Klagomål", Kind.FEEDBACK: "Synpunkt"}

RECEIVERS: Mapping[ReceiverType, str] = {
    ReceiverType.CARE: "Vården",
    ReceiverType.COMMITTEE: "Patientnämnden",
}

ANSWERS: Mapping[AnswerWanted, str] = {
    AnswerWanted.INBOX: "I inkorgen",
    AnswerWanted.PHONE: "Per telefon",
    AnswerWanted.MEETING: "Vid ett möte",
    AnswerWanted.NONE: "Nej",
}

RELATIONS: Mapping[Relation, str] = {
    Relation.GUARDIAN: "Vårdnadshavare",
    Relation.REPRESENTATIVE: "Ombud",
    Relation.RELATED_PERSON: "Närstående",
}

STATES: Mapping[CaseState, str] = {
    CaseState.SUBMITTED: "Inlämnat",
    CaseState.RECEIVED: "Mottaget",
    CaseState.IN_PROGRESS: "Under handläggning",
    CaseState.AWAITING_SUPPLEMENT: "Väntar på komplettering",
    CaseState.ANSWERED: "Besvarat",
    CaseState.CLOSED: "Avslutat",
    CaseState.WITHDRAWN: "Återtaget av anmälaren",
    CaseState.DISPOSED: "Gallrat",
}

_IDENTITIES: Mapping[PersonIdKind, str] = {
    PersonIdKind.PERSONNUMMER: "personnummer",
    PersonIdKind.SAMORDNINGSNUMMER: "samordningsnummer",
    PersonIdKind.RESERVE: "reservnummer",
}


def identity(oid: str) -> str:
    """Name the register of an identity."""
    kind = KIND_BY_OID.get(oid)
    return _IDENTITIES[kind] if kind else oid


MESSAGES: Mapping[InboxKind, str] = {
    InboxKind.CASE_CONFIRMATION: "ärendebekräftelse",
    InboxKind.RECEIVED: "mottaget",
    InboxKind.IN_PROGRESS: "under handläggning",
    InboxKind.PARTIAL_REPLY: "delsvar",
    InboxKind.FINAL_REPLY: "svar",
    InboxKind.SUPPLEMENT_REQUEST: "begäran om komplettering",
    InboxKind.FORWARDED: "vidarebefordrat",
    InboxKind.CLOSED: "avslutat",
}

STEPS: Mapping[Step, str] = {
    Step.CASE_ACCEPTED: "Ärendet togs emot",
    Step.CASE_REGISTERED: "Ärendet registrerades",
    Step.CASE_SUPPLEMENTED: "Anmälaren kompletterade",
    Step.CASE_WITHDRAWN: "Anmälaren återtog ärendet",
    Step.CASE_FORWARDED: "Ärendet vidarebefordrades",
    Step.CASE_READ: "Ärendet lästes",
    Step.CASE_ASSIGNED: "Ärendet tilldelades",
    Step.CASE_UNASSIGNED: "Tilldelningen togs bort",
    Step.CASE_REMINDED: "Påminnelse om sista svarsdag",
    Step.CASE_THEMED: "Ärendet fördes till ett tema",
    Step.CASE_UNTHEMED: "Ärendet togs ur ett tema",
    Step.MEASURE_RECORDED: "En åtgärd antecknades",
    Step.CASE_CLASSIFIED: "Ärendet klassificerades",
    Step.CASE_REOPENED: "Ärendet återöppnades",
    Step.RELATION_VERIFIED: "Relationen bekräftades",
    Step.UNIT_CORRECTED: "Enheten rättades",
    Step.CASE_EXPORTED: "Ärendet togs ut som paket",
    Step.DIARY_NUMBER_RECORDED: "Diarienumret antecknades",
    Step.HOLD_SET: "Ärendet undantogs från gallring",
    Step.HOLD_LIFTED: "Undantaget från gallring togs bort",
    Step.CASE_DISPOSED: "Ärendet gallrades",
    Step.DELIVERY_DELIVERED: "Levererat till mottagaren",
    Step.DELIVERY_PARKED: "Leveransen kunde inte göras",
    Step.DELIVERY_REPLAYED: "Leveransen görs om",
    Step.DELIVERY_REDIRECTED: "Leveransen styrdes om",
    Step.DELIVERY_HURRIED: "Leveransen skyndades på",
    Step.MESSAGE_ACCEPTED: "Meddelande från den som har ärendet",
}
