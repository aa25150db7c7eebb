"""What is read from a TAK can be read from Växel too: the same client, our own server."""

from gateway.domain.hsa import HsaId
from gateway.flow.permission import PROCESS_CASE
from gateway.routes.tak.calling import heard, request
from gateway.routes.tak.table import Days
from tests.unit.facade.soap.test_vagval import SYSTEM


def test_our_own_client_reads_our_own_routes_and_permissions(post):
    """DOMAIN B12: SokVagvalsInfo v2 from both sides."""

    def ask(operation):
        answer = post(request(operation), SYSTEM, soapaction='""')
        return answer.status_code, answer.content

    tak = heard(ask)
    assert tak.findings == ()
    told = {route.receiver: (route.address, route.contract, route.valid) for route in tak.routes}
    address = "https://vaxel.example/soap/stockholm/avvikelse"
    assert told[HsaId("SE2321000016-1A2B")] == (address, PROCESS_CASE, Days(None, None))
    assert {one.contract for one in tak.permissions} == {PROCESS_CASE}
