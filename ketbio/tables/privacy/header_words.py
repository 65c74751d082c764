"""Column names → the kind of direct identifier they announce, in the languages of the sites.

English, Spanish, Portuguese, German and French, some Italian and Dutch. A name is read without
accents, case, signs and digits, word by word (``fecha_nac``, ``dataNasc`` and ``Geb.datum`` alike).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

NAME, EMAIL_ADDRESS, TELEPHONE, ADDRESS, BIRTH, RECORD_NUMBER, NATIONAL_NUMBER, IDENTIFIER = (
    "name",
    "e-mail address",
    "telephone number",
    "postal address",
    "date of birth",
    "record number",
    "national number",
    "direct identifier",
)
"""Kinds of direct identifiers, as messages name them."""
BIRTH_FACT = "fact of birth"
"""A column about birth that is no identifier (a year, a weight) unless full dates stand in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The words of one kind: any of ``anywhere``, one of ``alone``, or all of one of ``pairs``."""

    anywhere: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    pairs: tuple[frozenset[str], ...] = ()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _pairs(words: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(pair.split("+")) for pair in words.split())


# `alone`: words that mean something else beside others (mobile phase, NIR spectrum, IPP therapy).
_KINDS: Mapping[str, _Words] = {
    EMAIL_ADDRESS: _Words(
        anywhere=_set("email mail correo courriel emailadresse mailadresse emailadress")
    ),
    TELEPHONE: _Words(
        anywhere=_set(
            "phone telephone telefon telefone telefono tel tlf telf tfno cellphone fax telemovel "
            "telefonnummer handynummer mobilnummer rufnummer telefonnr handynr mobiltelefon "
            "whatsapp telefoon"
        ),
        alone=_set("handy portable mobile mobil movil celular"),
        pairs=_pairs("mobile+number numero+movil numero+portable"),
    ),
    ADDRESS: _Words(
        anywhere=_set(
            "address adresse direccion endereco morada anschrift domicilio domicile street strasse "
            "postcode postal plz postleitzahl zip zipcode hausnummer indirizzo wohnanschrift"
        ),
        alone=_set("rua rue calle cep wohnort"),
    ),
    BIRTH: _Words(
        anywhere=_set(
            "dob birth birthdate birthday geburtsdatum geburtstag gebdat gebdatum nascimento "
            "nacimiento naissance nascita nasc fnac fnacimiento ddn dtnasc datanasc datnasc "
            "geboortedatum"
        ),
        alone=_set("geb geboren born nac nacido nascido"),
        pairs=_pairs(
            "fecha+nac fec+nac f+nac date+naiss geb+datum geb+dat geb+am geboren+am born+on "
            "ne+le nee+le"
        ),
    ),
    RECORD_NUMBER: _Words(
        anywhere=_set(
            "mrn nhc prontuario krankenaktennummer patientenaktennummer fallnummer aktenzeichen "
            "aufnahmenummer"
        ),
        alone=_set("ipp"),
        pairs=_pairs(
            "medical+record hospital+number hospital+no hospital+nr hospital+id hospital+num "
            "chart+number chart+no historia+clinica hist+clinica numero+historia no+historia "
            "n+historia numero+expediente no+expediente numero+dossier no+dossier n+dossier "
            "num+dossier dossier+medical numero+processo no+processo n+processo processo+clinico "
            "survey+identifier"
        ),
    ),
    NATIONAL_NUMBER: _Words(
        anywhere=_set(
            "nhs ssn cpf passport passeport pasaporte passaporte reisepass bsn dni curp nuss "
            "steuerid steuernummer rentenversicherungsnummer sozialversicherungsnummer "
            "versichertennummer krankenversichertennummer versicherungsnummer personalausweis "
            "ausweisnummer burgerservicenummer"
        ),
        alone=_set("nie nif nir rut rg cedula chi secu utente"),
        pairs=_pairs(
            "social+security securite+sociale seguridad+social seguranca+social national+id "
            "national+insurance insurance+number insurance+no insurance+nr insurance+id "
            "insurance+num cartao+cidadao numero+utente no+utente n+utente numero+secu num+secu "
            "no+secu n+secu steuer+id identity+card health+card driver+license driver+licence "
            "tarjeta+sanitaria medicare+number"
        ),
    ),
    NAME: _Words(
        anywhere=_set(
            "surname firstname lastname forename fullname sobrenome apellido vorname nachname "
            "familienname rufname geburtsname patientenname prenom cognome initials initialen "
            "iniciales iniciais initiales achternaam voornaam"
        ),
    ),
}
_NAME_WORDS = _set("name nome nombre nom")
_WHOSE = _set(
    "first last full family given middle maiden patient participant subject person mother father "
    "parent contact kin guardian caregiver emergency doctor physician nurse clinician investigator "
    "rater paciente completo completa famille familia patienten mae pai madre padre medico"
)
_FILLERS = _set(
    "number no nr num numero nummer n code codigo id the of de do da del du des la el le o e a "
    "patient paciente patienten participant subject study ou or und and y"
)
_BIRTH_FACTS = _set(
    "year yr ano annee anno jahr weight peso gewicht poids order orden given control country pais "
    "land pays place lugar lieu ort local length cohort season mode type preterm term defect "
    "complication complications rate gestational sex count method"
)
_NOT_A_NUMBER = _set("visit call consent preference type site trust region confirmed")


def header_kind(header: str) -> str:
    """Return the kind of direct identifier that a column name announces, empty for none.

    Parameters
    ----------
    header : str
        Column name as written.

    Examples
    --------
    >>> header_kind("Date of birth"), header_kind("lastName"), header_kind("nº historia clínica")
    ('date of birth', 'name', 'record number')
    >>> header_kind("drug_name"), header_kind("age_years"), header_kind("birth_year")
    ('', '', 'fact of birth')
    """
    words = header_words(header)
    known = frozenset(words) | {word.removesuffix("s") for word in words}
    own = [word for word in words if word not in _FILLERS]
    # NIR_850 is a wavelength, telephone_1 one of two.
    stands_alone = len(own) == 1 and not re.search("[0-9]{2}", header)
    for kind, spec in _KINDS.items():
        if (
            known & spec.anywhere
            or (stands_alone and own[0].removesuffix("s") in spec.alone | spec.anywhere)
            or any(pair <= known for pair in spec.pairs)
        ):
            return _narrowed(kind, known)
    is_name = known & _NAME_WORDS and (len(own) == 1 or known & _WHOSE)
    return NAME if is_name else ""


def header_words(header: str) -> list[str]:
    """Return the words of a column name, plain.

    Examples
    --------
    >>> header_words("Né(e) le"), header_words("DOBPatient_1"), header_words("E-Mail")
    (['ne', 'e', 'le'], ['dob', 'patient'], ['email'])
    """
    plain = unicodedata.normalize("NFKD", header)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"([a-z])([A-Z])", r"\1 \2", plain)
    plain = re.sub(r"(?<=[A-Z][A-Z])(?=[A-Z][a-z])", " ", plain).casefold()
    plain = re.sub(r"\be[-_. ]mail", "email", plain)
    return re.findall(r"[a-z]+", plain)


def _narrowed(kind: str, words: frozenset[str]) -> str:
    """Take back a kind where other words of the name say that it is something else."""
    if kind == BIRTH and words & _BIRTH_FACTS:
        return BIRTH_FACT
    if kind in (TELEPHONE, EMAIL_ADDRESS) and words & _NOT_A_NUMBER:
        return ""
    return "" if words & {"nhs"} and words & _NOT_A_NUMBER else kind
