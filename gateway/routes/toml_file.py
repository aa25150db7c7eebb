"""One TOML file opened: its values, and a page that knows where each of them stands."""

import re
import tomllib

from gateway.routes.finding import Finding, Rule
from gateway.routes.page import Page
from gateway.routes.text import decoded
from gateway.routes.toml_lines import TomlLines

_ERROR_LINE = re.compile(r" \(at line (\d+), column \d+\)")


def open_toml(
    file: str, data: bytes | None, findings: list[Finding]
) -> tuple[Page, dict[str, object]] | None:
    """Open a file; None when it is missing or no TOML, which has then been told."""
    text = decoded(file, data, findings)
    values = None if text is None else _values(file, text, findings)
    if text is None or values is None:
        return None
    return Page(file, TomlLines(text), findings), values


def _values(file: str, text: str, findings: list[Finding]) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    # Besides its own error the reader lets those of too long numbers and too deep arrays through.
    except (ValueError, RecursionError) as error:
        at = _ERROR_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        words = f"is not TOML: {_ERROR_LINE.sub('', str(error))}"
        findings.append(Finding(file, line, Rule.UNREADABLE, words))
        return None
