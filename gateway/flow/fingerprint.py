"""Whether two requests say the same: a digest over the one notation of what they say."""

import hashlib
import json

from gateway.domain.notation import Json


def fingerprint(content: Json) -> str:
    """Digest a notation; equal content gives an equal digest, whichever door it came through."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
