"""The database as the settings have it."""

from gateway.app.contents import contents_of, must_be_free_or_ours
from gateway.domain.errors import StartRefused
from gateway.settings import Settings
from gateway.store import schema
from gateway.store.engine import Database
from gateway.store.sql_store import SqlStore, open_store


def check_database(settings: Settings) -> None:
    """Tell whether `database_url` can be one, without connecting; raises StartRefused."""
    Database(settings.database_url.get_secret_value()).close()


def bring_up_to_date(settings: Settings) -> None:
    """Upgrade the embedded database; with a server, an operator does (docs/decisions/0007)."""
    url = settings.database_url.get_secret_value()
    if url.startswith("sqlite"):
        upgrade(settings)
    elif not schema.is_current(url):
        raise StartRefused(_NO_DATABASE)


def upgrade(settings: Settings) -> bool:
    """Bring the schema up to date, whatever database it is; what it tells, `schema` says."""
    contents = contents_of(settings)
    # Files may be moved there, and would be nobody's in the place of another database.
    must_be_free_or_ours(settings, contents)
    return schema.upgrade(settings.database_url.get_secret_value(), contents)


def is_there(settings: Settings) -> bool:
    """Tell whether there is a database; a server always is."""
    path = Database(settings.database_url.get_secret_value()).path
    return path is None or path.exists()


def store_alone(settings: Settings) -> SqlStore:
    """Open a database that is there already; StartRefused when it is none of this version."""
    url = settings.database_url.get_secret_value()
    if not schema.is_current(url):
        raise StartRefused(_NO_DATABASE)
    return open_store(url)


_NO_DATABASE = (
    "database: there is none of this version at database_url. Is that the gateway's own setting? "
    "If it is, run `vaxel db upgrade`"
)
