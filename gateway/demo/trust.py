"""How the demo's parties reach the gateway: over TLS, and at the SOAP door by certificate."""

import os
import ssl
from pathlib import Path

import requests

from gateway.testing.certificates import Issued

# PEM files, by the environment of each process; none of them where a proxy ends TLS.
AUTHORITY_VARIABLE = "DEMO_AUTHORITY"
CERTIFICATE_VARIABLE = "DEMO_CERTIFICATE"
KEY_VARIABLE = "DEMO_CERTIFICATE_KEY"


def context(authority: Path | None = None) -> ssl.SSLContext:
    """Trust the demo's authority, named here or in the environment."""
    return ssl.create_default_context(cafile=authority or os.environ.get(AUTHORITY_VARIABLE))


def session(hsa_id: str) -> requests.Session:
    """Make what SOAP calls go through: with our certificate, or as a proxy tells who we are."""
    made = requests.Session()
    made.trust_env = False
    if AUTHORITY_VARIABLE in os.environ:
        made.verify = os.environ[AUTHORITY_VARIABLE]
        made.cert = os.environ[CERTIFICATE_VARIABLE], os.environ[KEY_VARIABLE]
    else:
        made.headers["x-vp-sender-id"] = hsa_id
    return made


def trusting(authority: Path) -> dict[str, str]:
    """Give the environment of a process that trusts the authority."""
    return {AUTHORITY_VARIABLE: str(authority)}


def showing(issued: Issued) -> dict[str, str]:
    """Give the environment of a process that shows this certificate."""
    return {CERTIFICATE_VARIABLE: str(issued.certificate), KEY_VARIABLE: str(issued.key)}
