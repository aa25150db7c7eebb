"""The ways in: SOAP and REST, bytes to values and back; the same verbs behind both."""
