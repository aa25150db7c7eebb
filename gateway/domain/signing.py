"""What a secret must be that signs what we send, as Standard Webhooks has it."""

import base64


def secret_fault(secret: str) -> str | None:
    """Tell why nothing can be signed with this, before a receiver's library complains."""
    text = secret.removeprefix("whsec_").rstrip("=")
    try:
        size = len(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
    except ValueError:
        size = 0
    if 24 <= size <= 64:
        return None
    return "give base64 of 24 to 64 random bytes, with or without whsec_ before it"
