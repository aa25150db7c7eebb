"""The place of attachments as the settings have it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_bytes

from gateway.contents import Bucket, FolderContents, S3Contents
from gateway.domain.errors import ContentLost, StartRefused, Unavailable
from gateway.flow.contents import Contents, NotOurs, must_belong
from gateway.flow.sweeping import References, claim
from gateway.settings import Settings
from gateway.store.engine import Database
from gateway.store.identity import has_identity, identity_in


def contents_of(settings: Settings) -> Contents:
    """Give the place, without looking at it; raises StartRefused where none can be meant."""
    wanted = settings.attachment_store
    if wanted.s3 is None:
        return FolderContents(wanted.folder or _beside_the_database(settings))
    bucket = Bucket(
        endpoint=str(wanted.s3.endpoint).rstrip("/"),
        name=wanted.s3.bucket,
        region=wanted.s3.region,
        access_key=wanted.s3.access_key.get_secret_value(),
        secret_key=wanted.s3.secret_key.get_secret_value(),
        prefix=wanted.s3.prefix or "",
    )
    return S3Contents(bucket)


def check_contents(settings: Settings) -> None:
    """Tell whether files can be put there, read, listed and let go of; raises StartRefused."""
    contents = contents_of(settings)
    must_be_free_or_ours(settings, contents)
    try:
        tried = contents.put([token_bytes(16)])
        for _ in tried.chunks():
            pass
        contents.lying(tried.digest[:2])
        contents.put_aside(tried.digest)
        contents.remove(tried.digest)
    except (Unavailable, ContentLost) as error:
        raise StartRefused(f"attachment_store: {error}") from None


def must_be_free_or_ours(settings: Settings, contents: Contents) -> None:
    """
    Tell whether the place has the mark of another database; raises StartRefused.

    Marks nothing, and tells nothing while the place or the database does not answer.
    """
    with suppress(Unavailable), _refusing():
        owner = contents.owner()
        if owner is not None:
            must_belong(owner, _identity(settings))


def claim_contents(contents: Contents, references: References) -> None:
    """
    Mark the place as that of this database; raises StartRefused where it is another's.

    What does not answer now must not keep the doors shut: the sweeper looks again.
    """
    with suppress(Unavailable), _refusing():
        claim(contents, references)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except NotOurs as error:
        raise StartRefused(f"attachment_store: {error}") from None


def _identity(settings: Settings) -> str | None:
    database = Database(settings.database_url.get_secret_value())
    try:
        if database.path is not None and not database.path.exists():
            return None
        with database.reading() as connection:
            return identity_in(connection) if has_identity(connection) else None
    finally:
        database.close()


def _beside_the_database(settings: Settings) -> Path:
    path = Database(settings.database_url.get_secret_value()).path
    if path is None:
        raise StartRefused(_NO_PLACE)
    return path.parent / "attachments"


_NO_PLACE = (
    "attachment_store: with a database server, say where the bytes of attachments are kept: "
    "`folder`, one that all nodes share, or `s3`, a bucket. No other database may use the place"
)
