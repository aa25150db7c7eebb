"""The fields of operation that a case may be about, as data (DOMAIN E2, F1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldOfOperation:
    """A field of operation; the code is the same in every language."""

    code: str
    swedish: str
    english: str


FIELDS_OF_OPERATION: tuple[FieldOfOperation, ...] = (
    FieldOfOperation("PRIMARY_CARE", "Primärvård", "Primary care"),
    FieldOfOperation("SOMATIC_CARE", "Somatisk specialistvård", "Somatic specialist care"),
    FieldOfOperation(
        "PSYCHIATRIC_CARE", "Psykiatrisk specialistvård", "Psychiatric specialist care"
    ),
    FieldOfOperation("DENTAL_CARE", "Tandvård", "Dental care"),
    FieldOfOperation("MUNICIPAL_CARE", "Kommunal hälso- och sjukvård", "Municipal health care"),
    FieldOfOperation(
        "AMBULANCE_AND_TRANSPORT", "Ambulans och sjukresor", "Ambulance and patient transport"
    ),
    FieldOfOperation("OTHER", "Övrig verksamhet", "Other"),
)
