"""Let those call who have permission, once it is known whom they call (INTEROP §2.4)."""

from datetime import datetime

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.flow.caller import Caller

# What the e-service calls; over REST a case is sent under the same permission (DOMAIN A1).
PROCESS_CASE = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"


def require_permission(
    table: RouteTable, caller: Caller, contract: str, address: HsaId, at: datetime
) -> None:
    """Refuse a caller without permission; where the rules have none, roles alone decide."""
    allowed = table.permissions
    if allowed is not None and not allowed.find(caller.hsa_id, contract, address, at):
        words = f"{caller.hsa_id} has no permission at this time; national operators give it"
        raise Refusal(Fault(Rule.NOT_PERMITTED, "caller", words))
