"""Adapters are found by entry point, and built only from settings that are right."""

from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

import httpx
import pytest
from pydantic import BaseModel, Field, HttpUrl, SecretStr, field_validator

from gateway import plugins
from gateway.adapter import AdapterSettings, AdapterTypes, Broken, Can, Delivered, Tools
from gateway.domain.destination import Destination
from gateway.domain.errors import StartRefused
from gateway.domain.opening import ALWAYS
from gateway.domain.policy import Policy
from gateway.testing.foreign import FakeSteps, FakeUnitInbox


class PigeonSettings(AdapterSettings):
    """What a pigeon needs to know."""

    loft: HttpUrl = Field(description="Where the pigeon flies.")
    whistle: SecretStr
    seeds: int = 3

    @field_validator("seeds")
    @classmethod
    def _enough(cls, seeds: int) -> int:
        if seeds < 1:
            raise ValueError("a hungry pigeon does not fly")
        return seeds


class Pigeon:
    """Delivers by pigeon."""

    can: ClassVar[Can] = Can(recognises_repeats=False)
    Settings: ClassVar[type[BaseModel]] = PigeonSettings

    def __init__(self, settings, tools):
        self.settings = settings
        if settings.seeds == 13:
            raise FileNotFoundError(2, "No such file or directory", "loft.wsdl")
        if settings.seeds == 14:
            raise RuntimeError(settings.whistle.get_secret_value())

    def deliver(self, message):
        return Delivered()


TYPES: AdapterTypes = {"pigeon": Pigeon, "drone": Broken("it fell down")}
SECRETS = {"whistle": SecretStr("tweet-tweet")}
RIGHT = {"loft": "https://loft.test/", "whistle": {"secret": "whistle"}}


def destination(adapter="pigeon", **settings):
    frozen = MappingProxyType(settings)
    return Destination("r/d", "r", "d", adapter, frozen, Policy(), None, "A loft")


def faults(adapter="pigeon", **settings):
    return plugins.faults(destination(adapter, **settings), types=TYPES, secrets=SECRETS)


def build(**settings):
    tools = Tools(httpx.Client(), FakeUnitInbox(), Path(), FakeSteps(), "SE5560000000-VAXEL")
    return plugins.build(destination(**settings), TYPES, SECRETS, tools)


def point(name, value):
    return EntryPoint(name, value, plugins.GROUP)


def test_the_kind_of_an_adapter_is_known_without_building_it():
    """DOMAIN C6: whether repeats are safe must be known also while it cannot be built."""
    kinds = [plugins.kind_of(destination(name), TYPES) for name in ("pigeon", "drone", "owl")]
    assert kinds == [Pigeon, None, None]


def test_our_own_adapters_are_found_by_their_names():
    """CONTRACT: the entry-point group is vaxel.adapters, ours are in it like others."""
    types = plugins.found()
    assert {"inbox", "rest", "riv_soap"} <= types.keys()
    assert not [name for name, adapter in types.items() if isinstance(adapter, Broken)]


def test_a_broken_adapter_does_not_stop_the_others():
    """DOMAIN C5: adapters are separate packages, and one of them may be bad."""
    types = plugins.found(
        [point("bad", "no_such_module:Thing"), point("inbox", "adapters.inbox:Inbox")]
    )
    assert isinstance(types["bad"], Broken)
    assert "no_such_module" in types["bad"].reason
    assert not isinstance(types["inbox"], Broken)


def test_what_is_no_adapter_is_broken_and_says_what_it_lacks():
    """AESTHETICS 4.4: the plug is `can`, `Settings` and `deliver`."""
    broken = plugins.found([point("odd", "pathlib:Path")])["odd"]
    assert broken == Broken("pathlib:Path lacks can, Settings, deliver")


def test_two_packages_with_an_adapter_of_the_same_name_are_told():
    """DOMAIN B1: which one a case would go through must never be chance."""
    broken = plugins.found([point("x", "a:A"), point("x", "b:B")])["x"]
    assert broken == Broken("several packages bring one of that name: a:A, b:B")


def test_an_adapter_that_is_not_installed_is_told_with_what_was_meant():
    """DOMAIN G5: one command tells what is wrong."""
    assert faults("pidgeon") == ["no adapter 'pidgeon' is installed; did you mean 'pigeon'?"]
    assert faults("x") == ["no adapter 'x' is installed; there are drone, pigeon"]


def test_a_broken_adapter_is_a_fault_where_it_is_used():
    """DOMAIN G5."""
    assert faults("drone") == ["the adapter 'drone' cannot be used: it fell down"]


def test_right_settings_have_no_faults_and_are_built_with_their_secrets():
    """The secret is named in the table, and its value comes from elsewhere."""
    assert faults(**RIGHT) == []
    assert build(**RIGHT).settings.whistle.get_secret_value() == "tweet-tweet"


def test_a_missing_setting_is_told_with_what_it_is_for():
    """DOMAIN G5: what is wrong, where, and what to do."""
    assert faults(whistle={"secret": "whistle"}) == [
        "settings.loft is missing: Where the pigeon flies."
    ]


def test_an_unknown_setting_is_told_with_what_was_meant():
    """DOMAIN G5: a misspelt setting does not just do nothing."""
    assert faults(**RIGHT, seed=1) == [
        "settings.seed is no setting of this adapter; did you mean 'seeds'?"
    ]


def test_every_wrong_setting_is_told_at_once():
    """DOMAIN B10: every fault is listed."""
    told = faults(loft="loft", whistle={"secret": "whistle"}, seeds=0)
    assert told == [
        "settings.loft is wrong: Input should be a valid URL, relative URL without a base",
        "settings.seeds is wrong: a hungry pigeon does not fly",
    ]


def test_a_secret_that_is_not_set_is_told_by_its_name_and_no_other_is():
    """DOMAIN G5: what to do stands in the message; the secrets of others do not."""
    told = faults(loft="https://loft.test/", whistle={"secret": "whistel"})
    words = "which is not set; set VAXEL_SECRETS__WHISTEL"
    assert told == [f"settings.whistle names the secret 'whistel', {words}"]


def test_a_secret_in_clear_is_refused_and_not_shown():
    """DOMAIN B10: route tables are published and compared, so secrets only have names there."""
    told = faults(loft="https://loft.test/", whistle="tweet-tweet")
    assert told == ['settings.whistle is a secret in clear; write { secret = "its-name" } instead']


def test_hours_of_a_system_that_fetches_by_itself_are_warned_of_and_stop_no_node():
    """DOMAIN C2, G5: they hold up nothing while lists say that they do; others must not wait."""

    def told(hours):
        to = replace(destination("pickup"), policy=Policy(opening_hours=hours))
        assert plugins.faults(to, plugins.found(), {}) == []
        return [*plugins.hours_warnings([to], plugins.found())]

    assert told(ALWAYS) == []
    [words] = told("Mon-Fri 07:00-18:00")
    assert "policy.opening_hours: its system fetches by itself" in words


def test_building_from_wrong_settings_is_refused_with_every_fault():
    """DOMAIN G5."""
    with pytest.raises(StartRefused) as refused:
        build(seeds="many")
    lines = str(refused.value).splitlines()
    assert len(lines) == 3
    assert all(line.startswith("r/d: settings.") for line in lines)


def test_an_adapter_that_cannot_start_tells_which_file_it_misses():
    """DOMAIN G5."""
    with pytest.raises(StartRefused, match=r"r/d: 'pigeon' cannot be built: .*loft\.wsdl"):
        build(**RIGHT, seeds=13)


def test_the_words_of_a_strangers_exception_are_not_repeated():
    """A8's spirit for secrets: they may stand in any exception's words."""
    with pytest.raises(StartRefused) as refused:
        build(**RIGHT, seeds=14)
    assert str(refused.value) == "r/d: 'pigeon' cannot be built: RuntimeError"


class AskingPigeon(Pigeon):
    """One that can be asked what has arrived."""

    def find(self, message):
        return None


class RingedPigeon(Pigeon):
    """One that knows what it has brought before."""

    can: ClassVar[Can] = Can(recognises_repeats=True)


@pytest.mark.parametrize(
    ("kind", "may_repeat"),
    [(Pigeon, False), (AskingPigeon, True), (RingedPigeon, True), (Broken("fell down"), False)],
)
def test_what_can_be_asked_may_be_sent_to_again(kind, may_repeat):
    """DOMAIN C6: operators are warned of what may double, and of nothing else."""
    assert plugins.may_repeat(destination(), {"pigeon": kind}) is may_repeat
