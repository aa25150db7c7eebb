"""The demo's members of staff: whom one can sign in as, and how the gateway knows (DOMAIN E1)."""

from typing import Any

CLIENT_ID = "vaxel-demo"
PEOPLE_FILE = "people.json"

Claims = dict[str, Any]  # any JSON value

_HARBOUR = {"name": "Vårdcentralen Hamnstaden", "units": ["SE2321009202-VCHAMN"]}
_COMMITTEE = {"name": "Patientnämnden", "units": ["SE2321009101-PATN"], "role": "committee-staff"}

PEOPLE: dict[str, Claims] = {
    "distributor": {
        "hsa_id": "SE2321009202-P001",
        "name": "Fredrik Fördelare",
        "assignments": [{**_HARBOUR, "role": "case-distributor"}],
    },
    "receiver": {
        "hsa_id": "SE2321009202-P002",
        "name": "Maria Mottagare",
        "assignments": [{**_HARBOUR, "role": "case-receiver"}],
    },
    "coordinator": {
        "hsa_id": "SE2321009101-P003",
        "name": "Siv Samordnare",
        "assignments": [
            {
                "name": "Kvalitetssamordnaren, tandvården",
                "units": ["SE2321009101-KVALTAND"],
                "role": "coordinator",
            }
        ],
    },
    "committee": {
        "hsa_id": "SE2321009101-P004",
        "name": "Petra Nämnd",
        "assignments": [_COMMITTEE],
    },
    "both": {
        "hsa_id": "SE2321009101-P005",
        "name": "Ulla Uppdrag",
        "assignments": [{**_HARBOUR, "role": "case-receiver"}, _COMMITTEE],
    },
}


def sign_in_settings(issuer: str, client_secret: str, session_secret: str) -> str:
    """Write the part of vaxel.toml that lets these people in."""
    return (
        f'\n[sign_in]\nissuer = "{issuer}"\nclient_id = "{CLIENT_ID}"\n'
        f'client_secret = "{client_secret}"\nsession_secret = "{session_secret}"\n'
        "stand_in = true\n"
    )
