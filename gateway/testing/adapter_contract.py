"""
What every adapter promises, as tests that an author inherits.

    class TestPlatina(AdapterContract):
        adapter = Platina

        @pytest.fixture
        def remote(self):
            with FakePlatina() as system:
                yield system

The author fakes only the foreign system, speaking its dialect, in five moods: see `foreign.py`.
"""
# ruff: noqa: S101 (assert is how pytest speaks)

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr, ValidationError

import gateway
from gateway.adapter import (
    Adapter,
    Delivered,
    Refused,
    Tools,
    TryLater,
    Unavailable,
    Unclear,
)
from gateway.domain.policy import Policy
from gateway.testing.contract_messages import (
    ATTACHMENTS,
    CASE,
    PERSONAL,
    anonymous,
    submitted,
    supplemented,
    with_attachments,
    withdrawn,
)
from gateway.testing.foreign import FakeSteps, FakeUnitInbox, Killed, Mood, Remote
from gateway.testing.forwarded_contract import ForwardedContract
from gateway.testing.patience import Patience, hears_silence
from gateway.wire import lent_client

GATEWAY = "SE5560000000-VAXEL"
CONTRACTS = Path(gateway.__file__).parent.parent / "wsdl"


class LocalAdapterContract(ForwardedContract, Patience):
    """What holds for every adapter, also for one that never leaves the house."""

    adapter: ClassVar[type[Adapter]]
    settings: ClassVar[Mapping[str, object]] = {}
    moods: ClassVar[tuple[Mood, ...]] = (Mood.WELL, Mood.BUSY)

    @pytest.fixture
    def remote(self) -> Remote:
        """Give the fake foreign system; the author overrides this."""
        raise NotImplementedError(f"{type(self).__name__} has no fixture `remote`")

    @pytest.fixture
    def steps(self) -> FakeSteps:
        """Lend the memory of deliveries that need more than one call."""
        return FakeSteps()

    @pytest.fixture
    def tools(self, remote: Remote, steps: FakeSteps, policy: Policy) -> Iterator[Tools]:
        """Lend what the worker lends; an author who fakes the network overrides this."""
        inbox = remote if isinstance(remote, FakeUnitInbox) else FakeUnitInbox()
        with lent_client(policy) as http:
            yield Tools(http, inbox, CONTRACTS, steps, GATEWAY)

    @pytest.fixture
    def subject(self, remote: Remote, tools: Tools) -> Adapter:
        """Build the adapter as the worker does."""
        return self.adapter(self._settings(remote), tools)

    def test_a_delivered_case_is_there_and_its_id_is_told(
        self, subject: Adapter, remote: Remote
    ) -> None:
        """DOMAIN C1: Delivered means that they have it."""
        message = submitted()
        assert subject.deliver(message) == Delivered(remote.case_id(message.case_number))
        assert [(a.message_id, a.event) for a in remote.arrivals] == [("m-1", "SUBMITTED")]

    def test_trouble_there_means_try_later(self, subject: Adapter, remote: Remote) -> None:
        """DOMAIN C2: nothing was taken, and the outbox has the patience."""
        remote.be(Mood.BUSY)
        outcome = subject.deliver(submitted())
        assert isinstance(outcome, TryLater), f"a system that is busy gave {outcome}"
        assert remote.arrivals == []

    def test_what_was_tried_in_trouble_arrives_once_the_trouble_is_over(
        self, subject: Adapter, remote: Remote
    ) -> None:
        """DOMAIN C2: an adapter keeps no memory of failures."""
        remote.be(Mood.BUSY)
        subject.deliver(submitted())
        remote.be(Mood.WELL)
        assert isinstance(subject.deliver(submitted()), Delivered)
        assert len(remote.arrivals) == 1

    def test_the_same_message_twice_is_one_case_where_repeats_are_recognised(
        self, subject: Adapter, remote: Remote
    ) -> None:
        """DOMAIN C1, C6: whoever declares `recognises_repeats` is taken at the word."""
        first, second = subject.deliver(submitted()), subject.deliver(submitted())
        if self.adapter.can.recognises_repeats:
            assert first == second, "a repeat gets the same answer"
            assert len(remote.arrivals) == 1, "a repeat made a second case"

    def test_attachments_arrive_byte_for_byte_or_the_case_is_refused(
        self, subject: Adapter, remote: Remote
    ) -> None:
        """DOMAIN C1: what cannot be carried is refused loudly, never dropped."""
        outcome = subject.deliver(with_attachments())
        if self.adapter.can.attachments:
            assert remote.arrivals[0].attachments == tuple(a.read() for a in ATTACHMENTS)
        else:
            assert isinstance(outcome, Refused)

    def test_a_supplement_and_a_withdrawal_arrive_after_their_case(
        self, subject: Adapter, remote: Remote
    ) -> None:
        """DOMAIN A10, C3: what is added later takes the same way."""
        outcomes = [subject.deliver(m) for m in (submitted(), supplemented(), withdrawn())]
        assert all(isinstance(outcome, Delivered) for outcome in outcomes), outcomes
        assert [a.event for a in remote.arrivals] == ["SUBMITTED", "SUPPLEMENTED", "WITHDRAWN"]
        assert {a.case_number for a in remote.arrivals} == {submitted().case_number}

    def test_a_case_of_somebody_unknown_arrives_like_any_other(
        self, subject: Adapter, remote: Remote
    ) -> None:
        """DOMAIN A9: its submitter is in no register."""
        assert isinstance(subject.deliver(anonymous()), Delivered)
        assert len(remote.arrivals) == 1

    def test_cases_sent_at_the_same_time_all_arrive(
        self, subject: Adapter, remote: Remote
    ) -> None:
        """DOMAIN C2: a destination has several slots, and they share one adapter."""
        messages = [replace(submitted(), message_id=f"m-{n}") for n in range(12)]
        with ThreadPoolExecutor(4) as slots:
            outcomes = list(slots.map(subject.deliver, messages))
        assert all(isinstance(outcome, Delivered) for outcome in outcomes), outcomes
        assert len(remote.arrivals) == 12

    def test_a_retry_goes_on_after_the_steps_that_are_done(
        self, subject: Adapter, remote: Remote, steps: FakeSteps
    ) -> None:
        """DOMAIN C5: the worker is killed after each step in turn, and none is done twice."""
        for steps.kill_after in range(1, MOST_STEPS):
            with suppress(Killed):
                subject.deliver(submitted())
        outcome = subject.deliver(submitted())
        assert isinstance(outcome, Delivered), outcome
        if self.adapter.can.recognises_repeats or steps.done:
            assert len(remote.arrivals) == 1, "a retry made a second case"

    @pytest.mark.parametrize("text", ["\x00", "\x0b", "\ud800", "😀 ]]> & <å>", "line\r\nline"])
    def test_odd_characters_are_delivered_or_refused(
        self, subject: Adapter, remote: Remote, text: str
    ) -> None:
        """DOMAIN C4: one odd case is parked for a human, and never repeated for days."""
        message = replace(submitted(), case=replace(CASE, description=text))
        outcome = subject.deliver(message)
        assert isinstance(outcome, Delivered | Refused), f"{text!r} gave {outcome}"
        assert len(remote.arrivals) == isinstance(outcome, Delivered)

    def test_a_setting_that_is_unknown_is_an_error(self, remote: Remote) -> None:
        """DOMAIN G5: a misspelt setting is told at the start, and does not just do nothing."""
        with pytest.raises(ValidationError):
            self._settings(remote, no_such_setting=1)

    @hears_silence
    def test_no_secret_and_no_personal_data_gets_out(
        self, subject: Adapter, remote: Remote, caplog: pytest.LogCaptureFixture
    ) -> None:
        """DOMAIN A8: nothing of it in repr, outcomes or logs, whatever the mood there."""
        caplog.set_level(logging.DEBUG)
        told = [repr(subject), repr(vars(subject)), repr(self._settings(remote))]
        for mood in self.moods:
            remote.be(mood)
            told += [repr(subject.deliver(m)) for m in (with_attachments(), supplemented())]
        out = "\n".join([*told, caplog.text])
        assert [word for word in (*PERSONAL, *self._secrets(remote)) if word in out] == []

    def _settings(self, remote: Remote, **more: object) -> Any:  # each adapter has its own
        return self.adapter.Settings.model_validate({**self.settings, **remote.settings, **more})

    def _secrets(self, remote: Remote) -> list[str]:
        values = dict(self._settings(remote)).values()
        return [v.get_secret_value() for v in values if isinstance(v, SecretStr)]


class AdapterContract(LocalAdapterContract):
    """What holds besides for an adapter that calls a system elsewhere."""

    moods = tuple(Mood)

    @hears_silence
    def test_silence_is_unclear(self, subject: Adapter, remote: Remote) -> None:
        """DOMAIN C6: it was sent and no answer came, so nobody knows."""
        remote.be(Mood.MUTE)
        outcome = subject.deliver(submitted())
        assert isinstance(outcome, Unclear), f"a system that says nothing gave {outcome}"

    @hears_silence
    def test_what_was_taken_in_silence_is_one_case_when_it_is_sent_again(
        self, subject: Adapter, remote: Remote
    ) -> None:
        """DOMAIN C6: so the same id goes with every attempt."""
        remote.be(Mood.MUTE)
        subject.deliver(submitted())
        remote.be(Mood.WELL)
        assert isinstance(subject.deliver(submitted()), Delivered)
        if self.adapter.can.recognises_repeats:
            assert len(remote.arrivals) == 1, "a repeat made a second case"

    def test_a_no_is_a_no(self, subject: Adapter, remote: Remote) -> None:
        """DOMAIN C4: what they never will take is parked at once, for a human."""
        remote.be(Mood.STRICT)
        outcome = subject.deliver(submitted())
        assert isinstance(outcome, Refused), f"a system that will never take it gave {outcome}"

    def test_nobody_there_means_try_later(self, subject: Adapter, remote: Remote) -> None:
        """DOMAIN C2: nothing was sent."""
        remote.be(Mood.GONE)
        outcome = subject.deliver(submitted())
        assert isinstance(outcome, TryLater), f"nobody listening gave {outcome}"


class FindingContract:
    """What holds besides for an adapter whose system can be asked: inherit both."""

    @hears_silence
    def test_what_was_taken_in_silence_is_found(self, subject: Any, remote: Remote) -> None:
        """DOMAIN C6: so it is not sent a second time."""
        remote.be(Mood.MUTE)
        subject.deliver(submitted())
        remote.be(Mood.WELL)
        assert subject.find(submitted()) == Delivered(remote.case_id(submitted().case_number))
        assert len(remote.arrivals) == 1

    def test_what_never_came_is_not_found(self, subject: Any, remote: Remote) -> None:
        """DOMAIN C6: another message of the same case is no reason not to send this one."""
        assert subject.find(submitted()) is None
        subject.deliver(submitted())
        assert subject.find(supplemented()) is None

    @hears_silence
    @pytest.mark.parametrize("mood", [Mood.BUSY, Mood.GONE, Mood.MUTE])
    def test_who_cannot_be_asked_has_not_said_no(
        self, subject: Any, remote: Remote, mood: Mood
    ) -> None:
        """DOMAIN C6: None is said only by a system that has looked."""
        remote.be(mood)
        with pytest.raises(Unavailable):
            subject.find(submitted())


MOST_STEPS = 5
