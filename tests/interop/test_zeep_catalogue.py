"""zeep, knowing only the served WSDL, asks what is routed and allowed here (DOMAIN B12)."""

import pytest
import requests
import zeep

from gateway.flow.permission import PROCESS_CASE
from gateway.testing.process import E_SERVICE

REGISTRY, REGISTRY_2 = (
    "itintegration/registry",
    "infrastructure/itintegration/registry",
)


@pytest.fixture
def client_of(running):
    """Make a client that knows nothing but what the gateway serves at an address."""

    def make(path):
        session = requests.Session()
        session.headers["x-vp-sender-id"] = E_SERVICE
        transport = zeep.Transport(session=session)
        return zeep.Client(f"{running.url}/soap/{path}?wsdl", transport=transport).service

    return make


def test_zeep_reads_all_routes_and_permissions(client_of, running):
    """INTEROP §3.8: as takcache does, first the WSDL at the address and then the rows."""
    catalogue = client_of("SokVagvalsInfo/v2")
    routes = {
        row.receiverId: row
        for row in catalogue.hamtaAllaVirtualiseringar()
        if row.tjansteKontrakt == PROCESS_CASE
    }
    assert routes[running.unit].adress.startswith(f"{running.url}/soap/")
    assert routes[running.unit].fromTidpunkt.utcoffset() is not None
    permissions = catalogue.hamtaAllaAnropsBehorigheter()
    assert (E_SERVICE, PROCESS_CASE) in {(p.senderId, p.tjansteKontrakt) for p in permissions}


def test_zeep_reads_contracts_and_components(client_of, running):
    """INTEROP §3.8."""
    catalogue = client_of("SokVagvalsInfo/v2")
    assert PROCESS_CASE in {one.namnrymd for one in catalogue.hamtaAllaTjanstekontrakt()}
    components = {one.hsaId: one for one in catalogue.hamtaAllaTjanstekomponenter()}
    assert components[running.hsa_id].anropsAdressInfo[0].vagvalsInfo
    assert components[E_SERVICE].anropsbehorighetInfo


@pytest.mark.parametrize(("domain", "major"), [(REGISTRY, 1), (REGISTRY_2, 2)])
def test_zeep_asks_what_can_be_called_where(client_of, running, domain, major):
    """INTEROP §3.9: both versions, both questions."""
    header = {"_soapheaders": {"LogicalAddress": running.hsa_id}}
    supported = client_of(f"{domain}/GetSupportedServiceContracts/{major}/rivtabp21")
    found = supported.GetSupportedServiceContracts(E_SERVICE, running.unit, **header)
    names = [one.ServiceContractNamespace for one in found.serviceContractNamespace]
    assert names == [PROCESS_CASE]
    addresses = client_of(f"{domain}/GetLogicalAddresseesByServiceContract/{major}/rivtabp21")
    asked = {"ServiceContractNamespace": PROCESS_CASE}
    told = addresses.GetLogicalAddresseesByServiceContract(E_SERVICE, asked, **header)
    if major == 1:
        assert running.unit in told.logicalAddress
    else:
        assert running.unit in {one.logicalAddress for one in told.logicalAddressRecord}


def test_zeep_pings(client_of, running):
    """INTEROP §3.10."""
    ping = client_of("itintegration/monitoring/PingForConfiguration/1/rivtabp21")
    header = {"LogicalAddress": running.hsa_id}
    answer = ping.PingForConfiguration(PROCESS_CASE, running.unit, _soapheaders=header)
    assert (len(answer.pingDateTime), answer.configuration[0].name) == (14, "Applikation")
    assert answer.version
