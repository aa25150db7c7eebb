"""The issuer's keys: read when needed, seldom, and kept when the issuer cannot be asked."""

import asyncio
import json

import httpx
import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey

from gateway.domain.errors import StartRefused, Unavailable
from gateway.facade.signing_keys import (
    ASK_AGAIN_S,
    OLD_AFTER_S,
    SigningKeys,
    keys_at,
    usable_keys,
)

ONE, TWO = (ECKey.generate_key("P-256", {"kid": kid}) for kid in ("one", "two"))


def jwks(*keys):
    """Write a key set."""
    return json.dumps({"keys": [key.as_dict() for key in keys]}).encode()


class Issuer:
    """An issuer that counts how often it is asked, and our keys of it, with a clock to set."""

    def __init__(self, *keys):
        self.answer: bytes | Exception = jwks(*keys)
        self.asked = 0
        self.now = 1000.0
        self.known = SigningKeys(self.read, lambda: self.now)

    def read(self):
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def knows(self, *names):
        """Ask for keys by name, all at once."""

        async def all_of_them():
            return await asyncio.gather(*map(self.known.find, names))

        return [key is not None for key in asyncio.run(all_of_them())]


def test_keys_are_read_once_for_all_who_wait():
    """Issue 4.8: cached, also while the first answer is on its way."""
    issuer = Issuer(ONE)
    assert issuer.knows("one", "one", "one") == [True, True, True]
    assert (issuer.knows("one"), issuer.asked) == ([True], 1)


def test_a_new_key_is_found_and_the_issuer_asked_seldom():
    """Issue 4.8: an unknown name asks anew, once in so many seconds at most."""
    issuer = Issuer(ONE)
    assert issuer.knows("one", "two", "three") == [True, False, False]
    issuer.answer = jwks(ONE, TWO)
    assert (issuer.knows("two"), issuer.asked) == ([False], 1)
    issuer.now += ASK_AGAIN_S
    assert (issuer.knows("two", "three"), issuer.asked) == ([True, False], 2)


@pytest.mark.parametrize(
    "trouble", [httpx.ConnectError("gone"), OSError(5, "io"), b"<html>", b'{"keys": []}']
)
def test_keys_are_kept_when_the_issuer_cannot_be_asked(trouble):
    """Issue 4.8: a bad hour of the issuer is none of ours."""
    issuer = Issuer(ONE)
    issuer.knows("one")
    issuer.answer = trouble
    issuer.now += OLD_AFTER_S
    assert (issuer.knows("one"), issuer.asked) == ([True], 2)


def test_a_key_that_was_withdrawn_is_forgotten():
    """Issue 4.8: a stolen key must not open the door for ever."""
    issuer = Issuer(ONE)
    issuer.knows("one")
    issuer.answer = jwks(TWO)
    issuer.now += OLD_AFTER_S
    assert issuer.knows("one") == [False]


def test_one_bad_answer_does_not_keep_a_withdrawn_key_for_another_hour():
    """Issue 4.8: the hour is that of what was read, not of what was asked."""
    issuer = Issuer(ONE)
    issuer.knows("one")
    issuer.answer = httpx.ConnectError("gone")
    issuer.now += OLD_AFTER_S
    assert (issuer.knows("one", "one"), issuer.asked) == ([True, True], 2)
    issuer.answer = jwks(TWO)
    issuer.now += ASK_AGAIN_S
    assert (issuer.knows("one"), issuer.asked) == ([False], 3)


def test_an_address_that_cannot_be_asked_judges_nobody():
    """Issue 4.8: 503, as for an issuer that is away."""
    with pytest.raises(Unavailable):
        asyncio.run(keys_at("https://[::1").find("one"))


def test_while_no_key_is_known_nobody_is_judged():
    """Issue 4.8: 503 and not 401, since the token may be good."""
    issuer = Issuer()
    issuer.answer = httpx.ConnectTimeout("slow")
    with pytest.raises(Unavailable):
        issuer.knows("one")
    issuer.answer = jwks(ONE)
    issuer.now += ASK_AGAIN_S
    assert issuer.knows("one") == [True]


def test_without_a_name_the_only_key_is_meant():
    """RFC 7515 §4.1.4: the name is optional."""
    assert Issuer(ONE).knows(None) == [True]
    assert Issuer(ONE, TWO).knows(None) == [False]


def test_only_keys_that_verify_tokens_are_taken():
    """RFC 7517 §5: what is of no use here is passed over."""
    others = [
        {"kty": "RSA", "kid": "small", "e": "AQAB", "n": "q" * 171},
        ECKey.generate_key("P-384", {"kid": "curve"}).as_dict(),
        OctKey.generate_key(256, {"kid": "shared"}).as_dict(),
        OKPKey.generate_key("Ed25519", {"kid": "edwards"}).as_dict(),
        TWO.as_dict() | {"use": "enc"},
        {"kty": "EC", "kid": "broken", "crv": "P-256", "x": "1", "y": "2"},
        {"kty": "quantum"},
        7,
    ]
    found = usable_keys(json.dumps({"keys": [*others, ONE.as_dict()]}).encode())
    assert [key.kid for key in found] == ["one"]


@pytest.mark.parametrize("document", [b"", b"[]", b'{"keys": 7}', b'{"keys": []}', b"[" * 9999])
def test_a_file_without_keys_is_told_at_the_start(tmp_path, document):
    """DOMAIN G5: refuse to start rather than fail later."""
    path = tmp_path / "jwks.json"
    path.write_bytes(document)
    with pytest.raises(
        StartRefused, match=r"oauth\.jwks: .*jwks\.json: (is no JWKS|holds no key)"
    ):
        keys_at(str(path))


def test_a_file_that_is_not_there_is_told_at_the_start(tmp_path):
    """DOMAIN G5: refuse to start rather than fail later."""
    with pytest.raises(StartRefused, match="No such file"):
        keys_at(str(tmp_path / "jwks.json"))


def test_a_file_that_changed_is_read_anew(tmp_path):
    """Issue 4.8: keys are changed without a stop."""
    path = tmp_path / "jwks.json"
    path.write_bytes(jwks(ONE))
    known = keys_at(str(path))
    path.write_bytes(jwks(ONE, TWO))
    assert asyncio.run(known.find("two"))
