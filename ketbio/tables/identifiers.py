"""Direct identifiers: columns that look like a name or an address, cells that hold an e-mail."""

import re
import unicodedata

EMAIL = re.compile(r"[^\s@<>,;'\"]+@[^\s@<>,;'\"]+\.[^\s@<>,;'\"]+")
"""A cell, or a part of one, that looks like an e-mail address."""
EMAIL_MASK = "[e-mail address]"

# Header words, without accents, in the languages of the sites met so far.
_ALWAYS = {
    "surname", "firstname", "lastname", "forename", "fullname", "sobrenome", "apellido",
    "apellidos", "vorname", "nachname", "prenom", "cognome", "initials", "email", "mail", "correo",
    "phone", "telephone", "telefon", "telefone", "telefono", "mobile", "cellphone", "fax",
    "address", "adresse", "direccion", "endereco", "street", "postcode", "postal", "zip", "zipcode",
    "dob", "birth", "birthdate", "birthday", "geburtsdatum", "nascimento", "nacimiento",
    "naissance", "nascita", "mrn", "nhs", "ssn", "cpf", "passport", "insurance",
}  # fmt: skip
_NAME_WORDS = {"name", "nome", "nombre", "nom"}
_WHOSE = {
    "first", "last", "full", "family", "given", "middle", "maiden", "patient", "participant",
    "subject", "person", "mother", "father", "parent", "contact", "paciente", "completo",
}  # fmt: skip
_RECORD_WORDS = (
    {"medical", "record"},
    {"hospital", "number"},
    {"hospital", "no"},
)


def looks_like_identifier(header: str) -> bool:
    """Return whether a column name looks like that of a direct identifier.

    Parameters
    ----------
    header : str
        Column name as written.

    Examples
    --------
    >>> looks_like_identifier("Date of birth"), looks_like_identifier("lastName")
    (True, True)
    >>> looks_like_identifier("drug_name"), looks_like_identifier("age_years")
    (False, False)
    """
    plain = unicodedata.normalize("NFKD", header)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"([a-z])([A-Z])", r"\1 \2", plain).casefold().replace("e-mail", "email")
    words = set(re.findall(r"[a-z]+", plain))
    if words & _ALWAYS or any(pair <= words for pair in _RECORD_WORDS):
        return True
    return bool(words & _NAME_WORDS) and (len(words) == 1 or bool(words & _WHOSE))


def without_emails(text: str) -> str:
    """Return a text with every e-mail address masked.

    Examples
    --------
    >>> without_emails("visit is 'someone@example.org'")
    "visit is '[e-mail address]'"
    """
    return EMAIL.sub(EMAIL_MASK, text)
