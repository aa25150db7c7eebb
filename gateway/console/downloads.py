"""Files that browsers save and never show."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gateway.domain.case import Attachment
from gateway.domain.content import begun
from gateway.domain.errors import Fault, Refusal, Rule

NO_SUCH_FILE = Fault(Rule.CASE_UNKNOWN, "path", "there is no such file")
# More files than a case can have; a longer number is none that the database can hold.
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


def file_number(request: Request) -> int:
    """Read the number of a file, counted from 1, in the address of a page; raises Refusal."""
    number: str = request.path_params["file"]
    if not _NUMBER.fullmatch(number):
        raise Refusal(NO_SUCH_FILE)
    return int(number)


def as_file(name: str, media_type: str) -> Mapping[str, str]:
    """Give the headers of a file: nothing in it runs, whatever it is."""
    return {
        "Content-Type": media_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }


def sent(file: Attachment) -> Response:
    """Answer with a file, a part at a time."""
    size = {"Content-Length": str(file.content.size)}
    headers = {**as_file(file.file_name, file.media_type), **size}
    return StreamingResponse(begun(file.content), headers=headers)
