"""Whether two requests say the same: a digest over the one notation of what they say."""

import hashlib

import orjson

from gateway.domain.notation import Json


def fingerprint(content: Json) -> str:
    """Digest a notation; equal content gives an equal digest, whichever door it came through."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
