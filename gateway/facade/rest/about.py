"""About the API itself: its name, its version, and where it is described (Digg VER.06)."""

from datetime import date
from typing import ClassVar

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.notation import Json
from gateway.facade.rest.answers import told
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Told

NAME = "Växel"
# The version of the API, not of the program: it changes when what is promised here does.
VERSION = "1.0.0"
RELEASED = date(2026, 11, 21)
SITE = "https://vaxel.example"
SERVER = f"{SITE}/api/v1"


class ApiInfo(Told):
    """The fields of the Digg profile (VER.07)."""

    api_name: str = Field(examples=[NAME])
    api_version: str = Field(examples=[VERSION])
    api_released: date = Field(json_schema_extra={"example": RELEASED.isoformat()})
    api_documentation: str = Field(examples=[f"{SERVER}/openapi.json"])
    api_status: str = Field(examples=["active"])

    EXAMPLE: ClassVar[Json] = {
        "apiName": NAME,
        "apiVersion": VERSION,
        "apiReleased": RELEASED.isoformat(),
        "apiDocumentation": f"{SERVER}/openapi.json",
        "apiStatus": "active",
    }


async def read_api_info(request: Request) -> Response:
    """Read about the API.

    Its name, version, release day, documentation and status; open to all.
    """
    path = f"{request.scope['root_path']}/openapi.json"
    return told(
        ApiInfo(
            api_name=NAME,
            api_version=VERSION,
            api_released=RELEASED,
            api_documentation=str(request.url.replace(path=path, query="")),
            api_status="active",
        )
    )


ABOUT = (
    Resource(
        "GET",
        "/api-info",
        read_api_info,
        (Answer(200, "About the API.", ApiInfo),),
        open_to_all=True,
        needs_store=False,
    ),
)
