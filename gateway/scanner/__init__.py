"""Looks into files with the means of others: clamd for malware, puremagic for what they are."""

from gateway.scanner.clamd import Clamd
from gateway.scanner.signatures import recognise

__all__ = ["Clamd", "recognise"]
