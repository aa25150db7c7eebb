"""Whether two requests say the same: a digest over the one notation of what they say."""

import hashlib
from collections.abc import Iterable

import orjson

from gateway.domain.case import Attachment
from gateway.domain.notation import Json


def fingerprint(content: Json, files: Iterable[Attachment] = ()) -> str:
    """
    Digest a notation; equal content gives an equal digest, whichever door it came through.

    The files that come with it count by their own digests, however their bytes came.
    """
    digests = [file.content.digest for file in files]
    said = {"says": content, "files": digests} if digests else content
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
