"""The verbs: take in, deliver, take replies, read the citizen's inbox; and the ports they need."""
