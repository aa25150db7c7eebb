"""A message whose file is refused is refused whole, over SOAP as elsewhere (issue 5)."""

from base64 import b64encode
from contextlib import ExitStack

from gateway.flow.file_intake import MOST_AT_ONCE
from gateway.testing.small_files import JPEG

LIE = (
    "<c:fileName>b.png</c:fileName><c:mediaType>image/png</c:mediaType>"
    f"<c:content>{b64encode(JPEG).decode()}</c:content>"
)


def test_a_case_whose_file_lies_is_told_so_in_the_result(post, envelope, submitted, read):
    """CONTRACT: which file and which rule; nothing is kept, and a better one may be sent."""
    told = read(post(envelope(submitted(attachment=LIE))))
    assert (told["resultCode"], told.get("caseNumber")) == ("ERROR", None)
    assert (told["errorCode"], told["subCode"]) == ("VALIDATION_ERROR", "MEDIA_TYPE_DISPUTED")
    assert "attachments/1" in " ".join(told.values())
    assert read(post(envelope(submitted())))["resultCode"] == "OK"


def test_a_media_type_that_no_header_can_carry_is_told_so_too(post, envelope, submitted, read):
    """DOMAIN D4: nobody could ever fetch the file."""
    lie = LIE.replace("image/png", "image/png;&#13;&#10;X-Evil: 1")
    told = read(post(envelope(submitted(attachment=lie))))
    assert (told["resultCode"], told["subCode"]) == ("ERROR", "MEDIA_TYPE_NOT_ACCEPTED")


def test_when_files_cannot_be_taken_it_may_be_sent_without_them_or_again(
    post, envelope, submitted, read, doors
):
    """CONTRACT: APPLICATION_ERROR; a case without files is taken all the same."""
    sent = envelope(submitted(attachment=LIE.replace("image/png", "image/jpeg")))
    with ExitStack() as held:
        for _ in range(MOST_AT_ONCE):
            held.enter_context(doors.intake.files.place())
        told = read(post(sent))
        assert read(post(envelope(submitted(caseId="e-9"))))["resultCode"] == "OK"
    assert (told["errorCode"], told["subCode"]) == ("APPLICATION_ERROR", "FILES_AWAY")
    assert "without them" in told["message"]
    assert read(post(sent))["resultCode"] == "OK"
