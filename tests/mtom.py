"""MTOM packages, written as the usual SOAP stacks write them (RFC 2387, XOP)."""

from base64 import b64encode

XOP = "http://www.w3.org/2004/08/xop/include"
BOUNDARY = "uuid:1a2b-3c"


def content_type(**changes):
    """Write a Content-Type; change any parameter, None leaves it out."""
    told = {
        "type": "application/xop+xml",
        "boundary": BOUNDARY,
        "start": "<root@vaxel.test>",
        "start-info": "text/xml",
    } | changes
    written = "".join(f'; {name}="{value}"' for name, value in told.items() if value is not None)
    return f"multipart/related{written}"


def include(name):
    """Refer to a part."""
    return f'<xop:Include xmlns:xop="{XOP}" href="cid:{name}"/>'


def part(name, content, encoding="binary", media_type="application/octet-stream"):
    """Write a part."""
    if encoding == "base64":
        content = b64encode(content)
    head = f"Content-Type: {media_type}\r\nContent-Transfer-Encoding: {encoding}\r\n"
    return f"{head}Content-ID: <{name}>\r\n\r\n".encode() + content


def package(envelope, *parts, preamble=b"", end=b"--\r\n"):
    """Put parts after an envelope."""
    media_type = 'application/xop+xml; charset=UTF-8; type="text/xml"'
    whole = (part("root@vaxel.test", envelope, media_type=media_type), *parts)
    line = b"--" + BOUNDARY.encode()
    return (
        preamble + line + b"\r\n" + (b"\r\n" + line + b"\r\n").join(whole) + b"\r\n" + line + end
    )
