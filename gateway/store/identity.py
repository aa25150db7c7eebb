"""What a database is known by elsewhere: the same in every copy of it, and in no other."""

from sqlalchemy import Column, Connection, Table, Uuid, inspect, select

from gateway.store.tables import metadata

# One row, which the migration that made the table has put there.
identity = Table("identity", metadata, Column("id", Uuid, primary_key=True))


def identity_in(connection: Connection) -> str:
    """Tell the identity of a database; its schema must be there."""
    return str(connection.scalars(_IDENTITY).one())


def has_identity(connection: Connection) -> bool:
    """Tell whether a database has one yet: new ones, and those of a version before, do not."""
    return inspect(connection).has_table(identity.name)


_IDENTITY = select(identity.c.id)
