"""Routing rules as regions write them: read, checked with every fault told, compiled."""

from gateway.routes.build import build, load
from gateway.routes.draft import Draft, read
from gateway.routes.finding import Finding, Rule

__all__ = ["Draft", "Finding", "Rule", "build", "load", "read"]
