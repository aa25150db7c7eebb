"""What the trouble of a database is called here."""


def kind_of(error: BaseException | None) -> str:
    """Say what kind of trouble the driver has, without its words: they may hold values."""
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return f"{type(error).__name__} {code or ''}".strip()


def not_answering(error: BaseException | None) -> str:
    """Say that the database does not answer, and why."""
    return f"the database does not answer: {kind_of(error)}"
