"""Which files are named by any row: what is not may be let go of (DOMAIN E4)."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, select, union

from gateway.store.engine import Database
from gateway.store.identity import identity_in
from gateway.store.tables import attachments
from gateway.store.uploads import uploads

# Every column that names a file by its digest.
_NAMING = (attachments.c.digest, uploads.c.digest)


@dataclass(frozen=True, slots=True)
class SqlReferences:
    """What the methods promise stands in the port."""

    database: Database

    def identity(self) -> str:
        """Tell whose rows these are."""
        with self.database.reading() as connection:
            return identity_in(connection)

    def named(self, digests: Collection[str]) -> set[str]:
        """Tell which of these are named."""
        with self.database.reading() as connection:
            return {*connection.scalars(_NAMED, {"digests": [*digests]})}


_DIGESTS: BindParameter[str] = bindparam("digests", expanding=True)
_NAMED = union(*(select(column).where(column.in_(_DIGESTS)) for column in _NAMING))
