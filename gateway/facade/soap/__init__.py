"""The SOAP way in: RIV-TA BP 2.1 and 2.0, bytes to values and back."""

from gateway.facade.soap.endpoints import routes

__all__ = ["routes"]
