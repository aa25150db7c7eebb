"""The smallest route table that leads out of the house: one unit, one external system."""

from pathlib import Path

from gateway.testing.process import write_settings

UNIT, COMMITTEE, SYSTEM = "SE2321009101-ENHET", "SE2321009101-PATN", "SE2321009101-SYSTEM"

_UNITS = f"""hsa_id,name,place,parent,provider,destination,valid_from,valid_to
{UNIT},Enheten,Norrfors,,,system,,
"""
_REGION = """
name = "Region Nordmark"
code = "91"

[committee]
hsa_id = "{committee}"
name = "Patientnämnden"
destination = "inkorg"

[destinations.inkorg]
title = "Inkorgen"
adapter = "inbox"

[destinations.system]
title = "Systemet"
adapter = "rest"
system = "{system}"
settings = {{ url = "http://127.0.0.1:{port}/", signing_secret = {{ secret = "sydvik_synergi" }} }}

[destinations.system.policy]
{policy}
"""


def write_one_system(folder: Path, port: int, **policy: float) -> None:
    """Write routes and settings for a REST system on a port, with this policy."""
    region = folder / "routing_rules/nordmark"
    region.mkdir(parents=True)
    lines = "\n".join(f"{key} = {value}" for key, value in policy.items())
    text = _REGION.format(committee=COMMITTEE, system=SYSTEM, port=port, policy=lines)
    (region / "region.toml").write_text(text)
    (region / "units.csv").write_text(_UNITS)
    write_settings(folder, folder / "routing_rules", (UNIT,), SYSTEM)
