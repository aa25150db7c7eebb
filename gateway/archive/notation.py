"""All that there is about a case as plain JSON values; the keys are those of the API."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count

from gateway.archive.names import path_of
from gateway.domain.case import Attachment
from gateway.domain.errors import ContentLost
from gateway.domain.forwarding import Hop, Place
from gateway.domain.handling import Handling, classification_to_json
from gateway.domain.keeping import Hold
from gateway.domain.message import InboxMessage
from gateway.domain.notation import Json, case_to_json
from gateway.flow.archive_package import Added, CaseFile
from gateway.flow.timeline import Link


@dataclass(slots=True)
class Shelf:
    """
    The attachments of a package, each with its path, in the order in which they were put.

    One that is lost from our place of attachments has no path, and is said to be `lost`.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=partial(count, 1))

    def put(self, attachments: tuple[Attachment, ...]) -> list[Json]:
        """Take these in, and tell what they were called and where they lie."""
        return [self._put(attachment) for attachment in attachments]

    def _put(self, attachment: Attachment) -> Json:
        named = {"fileName": attachment.file_name, "mediaType": attachment.media_type}
        path = path_of(attachment.file_name, next(self._numbers))
        try:
            self.files[path] = attachment.read()
        except ContentLost:
            # A case is never hidden by a file; the digest tells which one to look for.
            return named | {"lost": True, "sha256": attachment.content.digest}
        return named | {"path": path}


def file_to_json(file: CaseFile, shelf: Shelf) -> Json:
    """Write all but the timeline; the attachments are put on the shelf."""
    record = file.record
    case = case_to_json(file.case, with_content=False)
    return present(
        caseNumber=record.number,
        diaryNumber=file.keeping.diary_number,
        kind=record.kind.value,
        caseState=record.state.value,
        region=record.region,
        unitHsaId=record.unit.text,
        unitName=record.unit_name,
        destination=record.destination,
        holderHsaId=record.holder.text,
        senderHsaId=record.sender.text,
        externalCaseId=record.external_case_id,
        receivedTime=instant(record.received_at),
        dueTime=instant(record.due_at),
        exportedTime=instant(file.at),
        timelineEntry=file.timeline[-1].number,
        timelineHash=file.timeline[-1].hash,
        case=case | {"attachments": shelf.put(file.case.attachments)},
        supplements=[_added(added, shelf) for added in file.added],
        messages=[_message(message, shelf) for message in file.messages],
        handling=_handling(file.handling),
        forwards=[_hop(*one) for one in zip(record.forwards, file.reasons, strict=True)],
        legalHold=_hold(file.keeping.hold) if file.keeping.hold else None,
    )


def timeline_to_json(file: CaseFile) -> Json:
    """Write the timeline; a time is written as it goes into the hash."""
    return {"caseNumber": file.record.number, "entries": [_link(link) for link in file.timeline]}


def instant(at: datetime | None) -> str | None:
    """Write a moment in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat()


def present(**values: object) -> Json:
    """Leave out what there is not."""
    return {key: value for key, value in values.items() if value not in (None, [], {})}


def _link(link: Link) -> Json:
    entry = link.entry
    return {
        "number": link.number,
        "step": entry.step.value,
        "at": instant(entry.at),
        "actor": entry.actor,
        "details": dict(entry.details),
        "hash": link.hash,
    }


def _added(added: Added, shelf: Shelf) -> Json:
    return present(
        addedTime=instant(added.at),
        text=added.supplement.text,
        attachments=shelf.put(added.supplement.attachments),
    )


def _message(message: InboxMessage, shelf: Shelf) -> Json:
    return present(
        messageId=message.message_id,
        messageKind=message.kind.value,
        sentTime=instant(message.sent_at),
        senderHsaId=message.sender.text,
        senderName=message.sender_name,
        text=message.text,
        attachments=shelf.put(message.attachments),
    )


def _handling(handling: Handling) -> Json:
    return present(
        assignedTo=handling.assigned_to.text if handling.assigned_to else None,
        assignedName=handling.assigned_name,
        relationVerifiedBy=handling.relation_verified_by,
        relationVerifiedTime=instant(handling.relation_verified_at),
        attachmentsAllowed=handling.attachments_allowed,
        careUnitHsaId=handling.corrected_unit.text if handling.corrected_unit else None,
        classification=present(**classification_to_json(handling.classification)),
        firstContactTime=instant(handling.first_contact_at),
        closedTime=instant(handling.closed_at),
        reopenedTime=instant(handling.reopened_at),
    )


def _hop(hop: Hop, reason: str | None) -> Json:
    return present(
        forwardedTime=instant(hop.at),
        origin=_place(hop.origin),
        to=_place(hop.to),
        declined=hop.declined,
        reason=reason,
    )


def _place(place: Place) -> Json:
    return {"hsaId": place.hsa_id.text, "name": place.name}


def _hold(hold: Hold) -> Json:
    return {"reason": hold.reason, "by": hold.by, "sinceTime": instant(hold.since)}
