"""The SOAP way in: RIV-TA BP 2.1 and 2.0, bytes to values and back."""

from gateway.facade.soap.endpoints import is_call, make_calls, routes

__all__ = ["is_call", "make_calls", "routes"]
