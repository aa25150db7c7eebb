"""The patients' committees' common categories, as data (DOMAIN, Classification)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A main problem, or a sub-problem of the main problem its code begins with."""

    code: str
    swedish: str
    english: str

    @property
    def main(self) -> str:
        """The code of the main problem this belongs to."""
        return self.code.partition(".")[0]


CATEGORIES: tuple[Category, ...] = (
    Category("1", "Vård och behandling", "Care and treatment"),
    Category("1.1", "Undersökning/bedömning", "Examination/assessment"),
    Category("1.2", "Diagnos", "Diagnosis"),
    Category("1.3", "Behandling", "Treatment"),
    Category("1.4", "Läkemedel", "Medicines"),
    Category("1.5", "Omvårdnad", "Nursing"),
    Category("1.6", "Ny medicinsk bedömning", "New medical assessment"),
    Category("2", "Resultat", "Result"),
    Category("2.1", "Resultat", "Result"),
    Category("3", "Kommunikation", "Communication"),
    Category("3.1", "Information", "Information"),
    Category("3.2", "Delaktighet", "Participation"),
    Category("3.3", "Samtycke", "Consent"),
    Category("3.4", "Bemötande", "Manner"),
    Category("4", "Dokumentation och sekretess", "Records and secrecy"),
    Category("4.1", "Patientjournalen", "Patient record"),
    Category("4.2", "Bruten sekretess/dataintrång", "Broken secrecy/unauthorised access"),
    Category("5", "Ekonomi", "Economy"),
    Category("5.1", "Patientavgifter", "Patient fees"),
    Category("5.2", "Ersättningsanspråk/garantier", "Claims/guarantees"),
    Category("6", "Tillgänglighet", "Accessibility"),
    Category("6.1", "Tillgänglighet till vården", "Access to care"),
    Category("6.2", "Väntetider i vården", "Waiting times"),
    Category("7", "Vårdansvar och organisation", "Responsibility and organisation"),
    Category("7.1", "Valfrihet", "Free choice"),
    Category("7.2", "Fast vårdkontakt/individuell plan", "Permanent contact/individual plan"),
    Category("7.3", "Vårdflöde/processer", "Care flow/processes"),
    Category("7.4", "Resursbrist/inställd åtgärd", "Lack of resources/cancelled measure"),
    Category("7.5", "Hygien/miljö/teknik", "Hygiene/environment/technology"),
    Category("8", "Administrativ hantering", "Administrative handling"),
    Category("8.1", "Brister i hantering", "Shortcomings in handling"),
    Category("8.2", "Intyg", "Certificates"),
    Category("9", "Övrigt", "Other"),
)
