"""The contracts of the door, found by the namespace of what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.notation import Json
from gateway.facade.soap.envelope import Envelope
from gateway.facade.soap.get_case_messages import GET_CASE_MESSAGES
from gateway.facade.soap.interaction import Interaction
from gateway.facade.soap.messagebox import DELETE_MESSAGES, GET_MESSAGES, LIST_MESSAGES
from gateway.facade.soap.ping import PING
from gateway.facade.soap.process_case import PROCESS_CASE
from gateway.facade.soap.process_case_message import PROCESS_CASE_MESSAGE
from gateway.facade.soap.register_case import REGISTER_CASE
from gateway.facade.soap.registry import REGISTRY
from gateway.facade.soap.schema import Schema, load_schema, schema_faults
from gateway.facade.soap.vagval import SOK_VAGVALS_INFO

INTERACTIONS = (
    PROCESS_CASE,
    PROCESS_CASE_MESSAGE,
    REGISTER_CASE,
    GET_CASE_MESSAGES,
    LIST_MESSAGES,
    GET_MESSAGES,
    DELETE_MESSAGES,
    *REGISTRY,
    PING,
    SOK_VAGVALS_INFO,
)


@dataclass(frozen=True, slots=True)
class Contract:
    """An interaction with its compiled schema."""

    interaction: Interaction
    schema: Schema

    def read(self, envelope: Envelope) -> Json:
        """Read what is asked; raises Refusal that names places and rules, never a value."""
        names, namespace = self.interaction.requests, envelope.namespace
        if str(envelope.content.tag).rpartition("}")[2] not in names:
            words = f"the Body must hold {' or '.join(names)} of {namespace}"
            raise Refusal(Fault(Rule.SCHEMA, "Body", words))
        if faults := schema_faults(self.schema, envelope.content):
            raise Refusal(*faults)
        return self.interaction.language.read(envelope.content, namespace)

    def write(self, content: Json) -> str:
        """Write an answer, `result` first."""
        one = self.interaction
        return one.language.write(f"{one.name}Response", one.namespace, content)


def load_contracts(folder: Path) -> Mapping[str, Contract]:
    """Compile every contract, by namespace; `folder` holds the WSDL delivery."""
    return {
        interaction.namespace: Contract(interaction, load_schema(folder / interaction.schema))
        for interaction in INTERACTIONS
    }
