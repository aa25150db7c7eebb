"""Publications of the route table: proposed, compared, published and brought back (B10)."""

from base64 import b64decode, b64encode
from typing import Annotated, ClassVar

from anyio.to_thread import run_sync
from fastapi import Path, Query
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.notation import Json
from gateway.domain.publication import Publication
from gateway.facade.rest.answers import told
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import NEXT, Limit, page
from gateway.facade.rest.proposals import ProposalAnswer, proposal_answer
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.routes.publishing import Edits
from gateway.shapes.shape import Base64, Reason, Shape

_A_PATH = "stockholm/units.csv"
_A_FILE = b64encode(
    b"hsa_id,name,place,provider,parent,destination,valid_from,valid_to\n"
).decode()

FilePath = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z0-9-]{1,64}/)?[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\.(toml|csv|xml|zip)$"
    ),
]
Number = Annotated[int, Field(ge=0, le=2_000_000_000)]


class RoutingFileBody(Shape):
    """A file of the routing rules as it shall be; without `content` it is taken away."""

    path: FilePath = Field(examples=[_A_PATH])
    content: Base64 | None = Field(None, examples=[_A_FILE])

    EXAMPLE: ClassVar[Json] = {"path": _A_PATH, "content": _A_FILE}


class PublicationBody(Shape):
    """What shall be published: some files anew, or what an earlier publication was."""

    based_on: Number = Field(
        description="The publication that this was compared with; it must be the live one.",
        examples=[7],
    )
    reason: Reason = Field(
        description="Why, for those who read it later; no personal data.",
        examples=["Akutmottagningen to its own case system from 1 March"],
    )
    files: tuple[RoutingFileBody, ...] = Field((), description="Those that differ; others stay.")
    restores: Number | None = Field(
        None, description="The publication to bring back, instead of `files`.", examples=[5]
    )
    dry_run: bool = Field(False, description="Only check it and tell what would be different.")

    EXAMPLE: ClassVar[Json] = {
        "basedOn": 7,
        "reason": "Akutmottagningen to its own case system from 1 March",
        "files": [RoutingFileBody.EXAMPLE],
        "dryRun": False,
    }


class PublicationAnswer(Told):
    """One version of the route table."""

    number: int = Field(examples=[8])
    version: str = Field(description="A short hash of its files.", examples=["5f2c9e0a71d3"])
    author: str = Field(examples=["SE2321000016-INT1"])
    reason: str = Field(examples=["Akutmottagningen to its own case system from 1 March"])
    published_time: Time
    restores: int | None = Field(None, description="The one it brought back.", examples=[5])

    EXAMPLE: ClassVar[Json] = {
        "number": 8,
        "version": "5f2c9e0a71d3",
        "author": "SE2321000016-INT1",
        "reason": "Akutmottagningen to its own case system from 1 March",
        "publishedTime": "2026-03-02T08:30:00Z",
    }


class PublicationPage(Told):
    """A page of publications, newest first: the first of the first page is live."""

    items: tuple[PublicationAnswer, ...]
    next: str | None = Field(None, description=NEXT, examples=["7"])

    EXAMPLE: ClassVar[Json] = {"items": [PublicationAnswer.EXAMPLE]}


class RoutingFileAnswer(Told):
    """A file as it was published."""

    path: str = Field(examples=[_A_PATH])
    content: Base64 = Field(examples=[_A_FILE])

    EXAMPLE: ClassVar[Json] = {"path": _A_PATH, "content": _A_FILE}


class RoutingFilesAnswer(Told):
    """All files of a publication."""

    files: tuple[RoutingFileAnswer, ...]

    EXAMPLE: ClassVar[Json] = {"files": [RoutingFileAnswer.EXAMPLE]}


PublicationNumber = Annotated[
    int, Path(alias="publicationNumber", ge=1, le=2_000_000_000, examples=[8])
]


async def list_publications(
    request: Request,
    after: Annotated[
        int | None,
        Query(
            ge=1,
            le=2_000_000_000,
            description="The last publication of the page before.",
            examples=[7],
        ),
    ] = None,
    limit: Limit = 20,
) -> Response:
    """List publications.

    For those who work with routes: newest first; the newest of all is live.
    """
    publishing, caller = visit_of(request).doors.publishing, known_caller(request)
    found = await run_sync(publishing.listed, after, limit + 1, caller)
    shown, following = page(found, limit, lambda one: str(one.number))
    return told(PublicationPage(items=tuple(map(_answer, shown)), next=following))


async def read_publication(request: Request, number: PublicationNumber) -> Response:
    """Read a publication.

    For those who work with routes: by whom, when and why.
    """
    publishing = visit_of(request).doors.publishing
    return told(_answer(await run_sync(publishing.find, number, known_caller(request))))


async def read_publication_files(request: Request, number: PublicationNumber) -> Response:
    """Read the files of a publication.

    For those who work with routes: byte for byte as they were published.
    """
    publishing = visit_of(request).doors.publishing
    files = await run_sync(publishing.files, number, known_caller(request))
    return told(
        RoutingFilesAnswer(files=tuple(_file(path, files[path]) for path in sorted(files)))
    )


async def publish_routes(request: Request) -> Response:
    """Publish routes.

    For national operators, and integrators for the files of their own regions. All is checked
    together with what stays; with one fault nothing is published, and every fault is told by file
    and line. With `dryRun` nothing is changed: it is told what would be different.
    """
    publishing, caller = visit_of(request).doors.publishing, known_caller(request)
    body = await read_json(request, PublicationBody)
    edits, restores, based_on = _edits(body), body.get("restores"), body["basedOn"]
    if body["dryRun"]:
        proposal = await run_sync(publishing.propose, edits, restores, based_on, caller)
        return told(proposal_answer(proposal))
    reason = body["reason"]
    made = await run_sync(publishing.publish, edits, restores, based_on, reason, caller)
    return told(_answer(made), 201)


def _edits(body: Json) -> Edits:
    files, restores = body["files"], body.get("restores")
    if bool(files) == (restores is not None):
        raise Refusal(Fault(Rule.SCHEMA, "files", "give files or restores, one of them"))
    edits = {one["path"]: _content(one) for one in files}
    if len(edits) < len(files):
        raise Refusal(Fault(Rule.SCHEMA, "files", "the same path stands there twice"))
    return edits


def _content(file: Json) -> bytes | None:
    return b64decode(file["content"]) if "content" in file else None


def _file(path: str, content: bytes) -> RoutingFileAnswer:
    return RoutingFileAnswer(path=path, content=b64encode(content).decode())


def _answer(publication: Publication) -> PublicationAnswer:
    return PublicationAnswer(
        number=publication.number,
        version=publication.version,
        author=publication.author,
        reason=publication.reason,
        published_time=publication.published_at,
        restores=publication.restores,
    )


PUBLICATIONS = (
    Resource(
        "GET",
        "/routing/publications",
        list_publications,
        (Answer(200, "A page of publications.", PublicationPage),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED),
    ),
    Resource(
        "POST",
        "/routing/publications",
        publish_routes,
        (
            Answer(201, "It is live here, and within seconds everywhere.", PublicationAnswer),
            Answer(200, "What would be different; nothing was changed.", ProposalAnswer),
        ),
        (
            Rule.UNREADABLE,
            Rule.SCHEMA,
            Rule.TOO_LARGE,
            Rule.MEDIA_TYPE_NOT_ACCEPTED,
            Rule.NOT_PERMITTED,
            Rule.ROUTES_FAULTY,
            Rule.NOTHING_CHANGED,
            Rule.PUBLICATION_OVERTAKEN,
            Rule.PUBLICATION_UNKNOWN,
        ),
        body=PublicationBody,
    ),
    Resource(
        "GET",
        "/routing/publications/{publicationNumber}",
        read_publication,
        (Answer(200, "The publication.", PublicationAnswer),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED, Rule.PUBLICATION_UNKNOWN),
    ),
    Resource(
        "GET",
        "/routing/publications/{publicationNumber}/files",
        read_publication_files,
        (Answer(200, "All its files.", RoutingFilesAnswer),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED, Rule.PUBLICATION_UNKNOWN),
    ),
)
