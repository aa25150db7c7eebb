"""The diary and the archive on the page of a case (DOMAIN E3, E4)."""

import io
import zipfile

from gateway.flow.caller import Role
from gateway.flow.timeline import Step


def test_a_case_is_taken_along_whole_as_a_file(receiver, number, store):
    """E3: saved by the browser, and told on the timeline."""
    answer = receiver.get(f"/cases/{number}/package")
    assert f"{number}.zip" in answer.headers["content-disposition"]
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    assert store.cases.timeline(number)[-1].entry.step is Step.CASE_EXPORTED


def test_taking_a_case_along_stands_in_nobodys_way(receiver, number):
    """E2: the page that was open before goes on."""
    shown = receiver.get(f"/cases/{number}").text
    receiver.get(f"/cases/{number}/package")
    answer = receiver.fill_shown(shown, f"/cases/{number}/partial-reply", text="Hej")
    assert answer.status_code == 303


def test_the_diary_number_is_recorded_back(receiver, number, store):
    """E3: the number that the case has where it is registered."""
    receiver.send(number, "diary-number", diary="PN 2026-118")
    assert store.keepings.find(number).diary_number == "PN 2026-118"
    assert "PN 2026-118" in receiver.get(f"/cases/{number}").text


def test_a_number_that_is_missing_is_told_at_its_field(receiver, number):
    """Nothing is recorded, and the words lead to the field."""
    answer = receiver.send(number, "diary-number", diary=" ")
    assert answer.status_code == 422
    assert 'href="#diary-number-diary"' in answer.text


def test_a_hold_is_set_with_who_when_and_why_and_lifted(receiver, number):
    """E4: while it stands, the case is not disposed of."""
    receiver.send(number, "hold", reason="Begärd av domstol")
    shown = receiver.get(f"/cases/{number}").text
    assert "Undantaget från gallring av SE-CASE_RECEIVER sedan 2026-11-02." in shown
    assert "Begärd av domstol" in shown
    assert 'id="hold"' not in shown
    receiver.send(number, "lift-hold", reason="Målet är över")
    assert "Målet är över" in receiver.get(f"/cases/{number}").text


def test_who_only_assigns_sees_that_a_case_is_held_and_not_why(browse, receiver, number):
    """E1, E4: the reason may tell what the case is about."""
    distributor = browse(Role.CASE_DISTRIBUTOR)
    receiver.send(number, "hold", reason="Begärd av domstol")
    shown = distributor.get(f"/cases/{number}").text
    assert ("Undantaget från gallring" in shown, "domstol" in shown) == (True, False)
    receiver.send(number, "lift-hold", reason="Målet är över")
    shown = distributor.get(f"/cases/{number}").text
    assert ("Målet är över" in shown, "Skäl" in shown) == (False, False)
