"""The request that is measured: one SOAP case of about six kilobytes."""

from gateway.domain.person import PERSONNUMMER_OID

UNIT_MARK = b"@@UNIT@@"
ID_MARK = b"@@ID@@"

_NS = "urn:riv-application:complaints:casehandling"
SENTENCE = "Jag fick vänta länge i väntrummet och ingen kunde säga när det skulle bli min tur. "

_TEMPLATE = f"""<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:itr="urn:riv:itintegration:registry:1"
    xmlns:p="{_NS}:ProcessCaseResponder:1" xmlns:c="{_NS}:1">
  <soapenv:Header><itr:LogicalAddress>@@UNIT@@</itr:LogicalAddress></soapenv:Header>
  <soapenv:Body>
    <p:ProcessCase>
      <p:messageId>@@ID@@</p:messageId>
      <p:caseEvent>SUBMITTED</p:caseEvent>
      <p:case>
        <c:caseId>@@ID@@</c:caseId>
        <c:kind>COMPLAINT</c:kind>
        <c:receiver><c:type>CARE</c:type><c:hsaId>@@UNIT@@</c:hsaId></c:receiver>
        <c:eventDate>2026-03-02</c:eventDate>
        <c:answerWanted>INBOX</c:answerWanted>
        <c:submitter>
          <c:personId><c:oid>{PERSONNUMMER_OID}</c:oid><c:number>191212121212</c:number></c:personId>
          <c:name>Tolvan Tolvansson</c:name>
          <c:phone>070-1740600</c:phone>
        </c:submitter>
        <c:description>{SENTENCE * 52}</c:description>
        <c:desiredOutcome>{SENTENCE * 6}</c:desiredOutcome>
      </p:case>
    </p:ProcessCase>
  </soapenv:Body>
</soapenv:Envelope>""".encode()


def make_envelope(unit: str, case_id: str) -> bytes:
    """Make the request for one new case to `unit`."""
    filled = _TEMPLATE.replace(UNIT_MARK, unit.encode())
    return filled.replace(ID_MARK, case_id.encode())
