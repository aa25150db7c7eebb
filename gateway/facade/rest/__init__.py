"""The REST door: JSON in, the verbs behind, JSON or a problem out (CONTRACT, INTEROP §7)."""
