"""Bytes of a file as text: UTF-8, with or without the mark that spreadsheets put first."""

from gateway.routes.finding import Finding, Rule


def decoded(file: str, data: bytes | None, findings: list[Finding]) -> str | None:
    """Decode a file; None when it is missing or not UTF-8, which has then been told."""
    if data is None:
        findings.append(Finding(file, 0, Rule.MISSING_FILE, "the file is missing; add it"))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        words = "is not UTF-8; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)"
        findings.append(Finding(file, line, Rule.UNREADABLE, words))
        return None
