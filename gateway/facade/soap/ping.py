"""PingForConfiguration: whether the gateway answers, and which it is (INTEROP §3.10)."""

from datetime import datetime
from importlib.metadata import version

from gateway.domain.period import SWEDEN
from gateway.facade.doors import Doors
from gateway.facade.soap.faults import soap_envelope
from gateway.facade.soap.interaction import Asked, Interaction, Written
from gateway.facade.soap.language import Language
from gateway.facade.soap.notation import escaped, read_values
from gateway.flow.catalogue import MONITORING

_VERSION = version("vaxel")


async def _answer(doors: Doors, _: Asked) -> Written:
    settings = {"Applikation": doors.name, "RouteTableVersion": doors.operating.table().version}
    configuration = "".join(
        f"<r:configuration><r:name>{name}</r:name><r:value>{escaped(value)}</r:value>"
        "</r:configuration>"
        for name, value in settings.items()
    )
    return Written(
        soap_envelope(
            f'<r:PingForConfigurationResponse xmlns:r="{PING.namespace}">'
            f"<r:version>{_VERSION}</r:version>"
            f"<r:pingDateTime>{_stamp(doors.operating.clock())}</r:pingDateTime>"
            f"{configuration}</r:PingForConfigurationResponse>"
        )
    )


PING = Interaction(
    "PingForConfiguration",
    for_gateway=True,
    answer=_answer,
    language=Language(urn=MONITORING, read=read_values),
)


def _stamp(at: datetime) -> str:
    return at.astimezone(SWEDEN).strftime("%Y%m%d%H%M%S")
