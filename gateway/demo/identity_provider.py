"""
The stand-in identity provider: real OpenID Connect endpoints, and no passwords.

Whoever comes picks one of the example persons. It says of itself, and in every token, that it is
a stand-in: no gateway but one that was told to expect it, on this very machine, takes its word.
"""

import argparse
import html
import json
import os
import secrets
import time
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway.console.provider import STAND_IN_MARK

SECRET_VARIABLE = "DEMO_SIGN_IN_SECRET"  # noqa: S105 a name
_TOKEN_S = 300

Claims = dict[str, Any]  # any JSON value


@dataclass(frozen=True, slots=True)
class Asked:
    """What a gateway asked for when it sent somebody here."""

    person: str
    redirect_uri: str
    nonce: str
    challenge: str


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """One provider with its people, for one client at one address."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    people: dict[str, Claims] = field(repr=False)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    codes: dict[str, Asked] = field(default_factory=dict, repr=False)

    def app(self) -> Starlette:
        """Give its endpoints."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/jwks", self._jwks),
                Route("/authorize", self._pick),
                Route("/picked", self._picked),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    async def _configuration(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                STAND_IN_MARK: True,
            }
        )

    async def _jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _pick(self, request: Request) -> Response:
        """Show whom one can be; the query is kept in the links."""
        asked = request.query_params
        if not self._is_ours(asked.get("client_id"), asked.get("redirect_uri")):
            return HTMLResponse(_page("<p>Unknown client.</p>"), 400)
        items = (
            f'<li><a href="/picked?{html.escape(urlencode({**asked, "person": name}))}">'
            f"{html.escape(str(claims['name']))}</a>{html.escape(_works_as(claims))}</li>"
            for name, claims in self.people.items()
        )
        return HTMLResponse(_page(f"<ul>{''.join(items)}</ul>"))

    async def _picked(self, request: Request) -> Response:
        """Send the person back with a code, as one who has signed in."""
        asked = request.query_params
        if not self._is_ours(asked.get("client_id"), asked.get("redirect_uri")):
            return HTMLResponse(_page("<p>Unknown client.</p>"), 400)
        if asked.get("person") not in self.people or asked.get("code_challenge_method") != "S256":
            return HTMLResponse(_page("<p>Unknown person, or no PKCE.</p>"), 400)
        code = secrets.token_urlsafe(24)
        self.codes[code] = Asked(
            asked["person"], asked["redirect_uri"], asked.get("nonce", ""), asked["code_challenge"]
        )
        back = urlencode({"code": code, "state": asked.get("state", "")})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self.codes.pop(str(form.get("code")), None)
        if not self._is_client(request.headers.get("authorization", "")):
            return JSONResponse({"error": "invalid_client"}, 401)
        verifier = str(form.get("code_verifier", ""))
        if (
            asked is None
            or asked.redirect_uri != form.get("redirect_uri")
            or asked.challenge != create_s256_code_challenge(verifier)
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(
            {
                "access_token": secrets.token_urlsafe(24),
                "token_type": "Bearer",
                "expires_in": _TOKEN_S,
                "id_token": self._id_token(asked),
            }
        )

    def _id_token(self, asked: Asked) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": asked.person,
            "aud": self.client_id,
            "iat": now,
            "exp": now + _TOKEN_S,
            "nonce": asked.nonce,
            STAND_IN_MARK: True,
            **self.people[asked.person],
        }
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def _is_ours(self, client_id: str | None, redirect_uri: str | None) -> bool:
        return (client_id, redirect_uri) == (self.client_id, self.redirect_uri)

    def _is_client(self, shown: str) -> bool:
        try:
            client_id, _, secret = b64decode(shown.removeprefix("Basic ")).decode().partition(":")
        except ValueError:
            return False
        told = unquote(client_id), unquote(secret)
        return told == (self.client_id, self.client_secret)


def main() -> None:
    """Sign people in until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m gateway.demo.identity_provider")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--redirect-uri", required=True)
    parser.add_argument("--people", type=Path, required=True, help="JSON: claims by name")
    given = parser.parse_args()
    provider = IdentityProvider(
        f"http://127.0.0.1:{given.port}",
        given.client_id,
        os.environ[SECRET_VARIABLE],
        given.redirect_uri,
        json.loads(given.people.read_text(encoding="utf-8")),
    )
    uvicorn.run(provider.app(), host="127.0.0.1", port=given.port, log_level="warning")


def _works_as(claims: Claims) -> str:
    """Tell the assignments of a member of staff; a citizen has none."""
    told = ", ".join(f"{one['role']} ({one['name']})" for one in claims.get("assignments", ()))
    return f" – {told}" if told else ""


def _page(content: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<title>Stand-in identity provider</title></head><body><main>"
        "<h1>Stand-in identity provider</h1><p>This is the demo. Pick a person to sign in as.</p>"
        f"{content}</main></body></html>"
    )


if __name__ == "__main__":
    main()
