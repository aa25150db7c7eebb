"""Whom one can be in the demo, what each shows, and how the gateway knows them (DOMAIN A1, E1)."""

from dataclasses import dataclass, field
from typing import Any

from gateway.settings.citizen_sign_in import CitizenClaimNames

Claims = dict[str, Any]  # any JSON value


@dataclass(frozen=True, slots=True)
class SignIn:
    """
    One provider of identities: a client with its people, at a table of the settings.

    `shows` tells, for each person, what one sees as them.
    """

    table: str
    client_id: str
    people_file: str
    people: dict[str, Claims] = field(repr=False)
    shows: dict[str, str]

    def settings(self, issuer: str, client_secret: str, session_secret: str) -> str:
        """Write the part of vaxel.toml that lets these people in."""
        return (
            f'\n[{self.table}]\nissuer = "{issuer}"\nclient_id = "{self.client_id}"\n'
            f'client_secret = "{client_secret}"\nsession_secret = "{session_secret}"\n'
            "stand_in = true\n"
        )


_HARBOUR = {"name": "Vårdcentralen Hamnstaden", "units": ["SE2321009202-VCHAMN"]}
_COMMITTEE = {"name": "Patientnämnden", "units": ["SE2321009101-PATN"], "role": "committee-staff"}
_DENTAL = {"name": "Kvalitetssamordnaren, tandvården", "units": ["SE2321009101-KVALTAND"]}


def _staff(hsa_id: str, name: str, *assignments: Claims) -> Claims:
    return {"hsa_id": hsa_id, "name": name, "assignments": list(assignments)}


def _citizen(number: str, name: str) -> Claims:
    return {CitizenClaimNames().personal_number: number, "name": name}


STAFF = SignIn(
    table="sign_in",
    client_id="vaxel-demo",
    people_file="people.json",
    people={
        "distributor": _staff(
            "SE2321009202-P001", "Fredrik Fördelare", {**_HARBOUR, "role": "case-distributor"}
        ),
        "receiver": _staff(
            "SE2321009202-P002", "Maria Mottagare", {**_HARBOUR, "role": "case-receiver"}
        ),
        "coordinator": _staff(
            "SE2321009101-P003", "Siv Samordnare", {**_DENTAL, "role": "coordinator"}
        ),
        "committee": _staff("SE2321009101-P004", "Petra Nämnd", _COMMITTEE),
        "follow-up": _staff(
            "SE2321009101-P006",
            "Ulf Uppföljare",
            {
                "name": "Uppföljning, Region Nordmark",
                "regions": ["nordmark"],
                "role": "regional-follow-up",
            },
        ),
        "both": _staff(
            "SE2321009101-P005",
            "Ulla Uppdrag",
            {**_HARBOUR, "role": "case-receiver"},
            _COMMITTEE,
        ),
    },
    shows={
        "distributor": "assigns the cases of a unit without being able to read them",
        "receiver": "has two cases to answer: reply, ask for a supplement, forward, close",
        "coordinator": "has the cases of all dental clinics in one list, two of them open",
        "committee": "has closed cases with a diary number, to be taken to the archive",
        "follow-up": "sees the region's statistics, and no case",
        "both": "chooses between two assignments when signing in",
    },
)
CITIZENS = SignIn(
    table="citizen_sign_in",
    client_id="vaxel-demo-citizens",
    people_file="citizens.json",
    people={
        "tolvan": _citizen("191212121212", "Tolvan Tolvansson"),
        "berit": _citizen("188803099368", "Berit Brevskrivare"),
        "kim": _citizen("196711222940", "Kim Kamera"),
        "nils": _citizen("189310229803", "Nils Nykommen"),
    },
    shows={
        "tolvan": "has many cases: replies, files, and some that were forwarded",
        "berit": "has other cases, and sees nothing of Tolvan's",
        "kim": "was asked for a picture, sent it, and got an answer",
        "nils": "has written nothing: what he writes to Vårdcentralen Hamnstaden, Maria Mottagare "
        "can answer",
    },
)
SIGN_INS = (STAFF, CITIZENS)
