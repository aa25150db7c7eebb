"""Where the database is, and how long anything there may take at most (decision 0035)."""

import re

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from gateway.domain.errors import StartRefused

# Far above what a request may take; a lock or a network that hangs must not hang us for ever.
# What the URL says itself goes before these.
_POSTGRES_LIMITS = {
    "connect_timeout": "5",
    "tcp_user_timeout": "15000",
    # Whoever waits for an answer asks whether the other machine is still there.
    "keepalives_idle": "5",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}
# Who falls silent in the middle of a transaction loses what it has locked before others, who wait
# for it, give up. In the middle of several statements this does not count; but the server asks
# whether the other machine is still there, as we do.
_SERVER_LIMITS = (
    "-c lock_timeout=10s -c statement_timeout=30s -c idle_in_transaction_session_timeout=5s "
    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)


def checked_url(url: str) -> URL:
    """
    Read the setting `database_url`, and add the limits that it does not name.

    Raises StartRefused, in words that never show it: it may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # their words may hold a part of the password
        raise StartRefused(_WHICH_URL) from None
    if parsed.get_backend_name() == "postgresql":
        missing = {k: v for k, v in _POSTGRES_LIMITS.items() if k not in parsed.query}
        # The server takes the last of two.
        missing["options"] = f"{_SERVER_LIMITS} {parsed.query.get('options', '')}"
        return parsed.set(drivername="postgresql+psycopg").update_query_dict(missing)
    if parsed.drivername == "sqlite" and parsed.database and not _NO_FILE.search(parsed.database):
        return parsed
    raise StartRefused(_WHICH_URL)


# Kept nowhere, or somewhere that is not what the name says.
_NO_FILE = re.compile(":memory:|^file:")
_WHICH_URL = "database_url: use sqlite:///path/of/a/file or postgresql://user@host/database"
