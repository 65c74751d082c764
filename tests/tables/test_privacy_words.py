"""Headers and single cells: which announce or hold a direct identifier, and which only look so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.tables.contracts.schema_file import load_schema, schema_names
from ketbio.tables.privacy.cell_words import cell_kind
from ketbio.tables.privacy.given_names import is_full_name
from ketbio.tables.privacy.header_words import header_kind
from ketbio.tables.privacy.national_numbers import is_national_number, national_numbers

HARMLESS_HEADERS = (
    "drug_name|kit name|birthweight_g|birth_weight|birth_year|year of birth|given_birth|"
    "birth_order|named|mailing|age|age_years|mobile phase|NIR_850|IPP therapy|imunidade celular|"
    "phone_visit|telephone consent|email_consent|nhs_trust|health insurance|participant_id|"
    "Patienten-Nr|Patient No|subject|record_id|study_id|site|group|arm|form|target|lane|cell|"
    "insurance|diagnosis|onset_date|rating_date|visit|nominal|nombres_de_genes_x|telomere|geburt|"
    "gene name|protein name|contact_info_complete|next_of_kin_confirmed"
)
HARMLESS_CELLS = (
    "P01|S01-003|007|1234567890|12345678901|9434765919|+12.5|-3|1e10|+1.234567891|<0.5|12,5|"
    "2026-01-31|31/01/2026|2026-01-31 10:00:00|baseline|day_14|F33.2|G1|A12|S2448|mTOR|p-mTOR|"
    "platelet-poor plasma|Quantikine DBD00|R&D DBD00|4.5 - 6.7|100 / 200|612 345 678|"
    "1 234 567,89|1.234.567,89|18250.75|1-11|11-1-0003|2026-W05|10.1000/xyz123|ABCD1234567|"
    "Major depression|SSRI, 20 mg|Dr|Miss|K-BMTBDCDGBF3G|[not shown]|MADRS 34 (day 14)|3 of 10|"
    "0 1 2 3 4 5 6|50-78-2|1867-66-9|192.168.0.1|09:30 10:30|see page 12345"
)


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        (
            "name",
            "name|Full name|first_name|lastName|name_first|Surname|Forenames|Initials|Patient name|"
            "PatientName|rater_name|nombre|Nombre completo|apellidos|Apellido 1|nome|"
            "Nome do paciente|sobrenome|Vorname|Nachname|Familienname|"
            "Name des Patienten|nom|Nom de famille|prénom|Prénoms|cognome|"
            "next_of_kin_contact_name|Iniciais",
        ),
        (
            "e-mail address",
            "email|E-Mail|e_mail|Email address|mail|correo|Correo electrónico|courriel",
        ),
        (
            "telephone number",
            "phone|Phone no.|telephone_1|tel|Tel.|mobile|Mobile number|fax|teléfono|móvil|"
            "Tel. móvil|telemóvel|celular|Telefon|Telefonnummer|Handy|Handynummer|portable|"
            "N° portable|téléphone|ec_phone|whatsapp",
        ),
        (
            "postal address",
            "address|Street|postcode|ZIP|zip code|Postal code|dirección|código postal|domicilio|"
            "endereço|morada|Adresse|Anschrift|PLZ|Postleitzahl|Straße|rue|code postal",
        ),
        (
            "date of birth",
            "dob|DOB|Date of birth|birth_date|birthdate|Birthday|born|fecha_nac|"
            "Fecha de nacimiento|F. Nac.|data_nasc|dataNasc|Data de nascimento|Geb.datum|GebDatum|"
            "Geburtsdatum|geb.|geb. am|geboren|né(e) le|Née le|date de naissance|DDN|"
            "data di nascita",
        ),
        (
            "record number",
            "MRN|mrn|Medical record number|Hospital number|hospital_no|Chart no|NHC|"
            "nº historia clínica|Nº de historia|prontuário|Nº prontuário|número de dossier|"
            "N° dossier|Fallnummer|nº processo",
        ),
        (
            "national number",
            "NHS|NHS number|nhs_no|SSN|Social security number|CPF|DNI|NIE|NIF|BSN|NIR|Passport|"
            "Insurance number|insurance_no|número de utente|N° sécurité sociale|CURP|Steuer-ID",
        ),
    ],
)
def test_a_header_says_what_it_announces(kind, headers):
    assert {header: header_kind(header) for header in headers.split("|")} == dict.fromkeys(
        headers.split("|"), kind
    )


@pytest.mark.parametrize("header", HARMLESS_HEADERS.split("|"))
def test_a_header_that_only_looks_alike(header):
    assert header_kind(header) in ("", "fact of birth")


def test_no_column_of_our_schemas_looks_like_an_identifier():
    columns = [(name, column) for name in schema_names() for column in load_schema(name).columns]
    assert [pair for pair in columns if header_kind(pair[1])] == []


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("someone@example.org", "e-mail address"),
        ("write to someone@example.org, please", "e-mail address"),
        ("+44 20 7946 0000", "telephone number"),
        ("+442079460000", "telephone number"),
        ("0044 20 7946 0000", "telephone number"),
        ("(555) 555-0100", "telephone number"),
        ("555-555-0100", "telephone number"),
        ("020 7946 0000", "telephone number"),
        ("01 99 00 12 34", "telephone number"),
        ("(11) 90000-0000", "telephone number"),
        ("0171 0000000", "telephone number"),
        ("call 555-555-0100 after 5 pm", "telephone number"),
        ("tel: 5550100", "telephone number"),
        ("943 476 5919", "national number"),
        ("111.444.777-35", "national number"),
        ("219-09-9999", "national number"),
        ("12345678-Z", "national number"),
        ("X-0000000-T", "national number"),
        ("NHS: 943 476 5919", "national number"),
        ("MRN 0012345", "record number"),
        ("nhc: 123456", "record number"),
        ("DOB: 31/01/1990", "date of birth"),
        ("née le 31.01.1990", "date of birth"),
        ("seen by Dr Doe", "name"),
        ("Frau Mustermann", "name"),
        ("Mrs. Roe", "name"),
    ],
)
def test_a_cell_that_holds_an_identifier(cell, kind):
    assert cell_kind(cell) == kind


@pytest.mark.parametrize("cell", HARMLESS_CELLS.split("|"))
def test_a_cell_that_only_looks_alike(cell):
    assert cell_kind(cell) == ""


@given(st.one_of(st.integers(), st.floats(allow_nan=False), st.decimals(allow_nan=False)))
def test_no_number_is_an_identifier(number):
    assert cell_kind(f"{number}") == ""


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d 00:00:00"]))
def test_no_date_by_itself_is_an_identifier(day, form):
    assert cell_kind(day.strftime(form)) == ""


@given(st.from_regex(r"[A-Z]{1,4}[-_]?[0-9]{1,4}([-_][0-9]{1,4})?", fullmatch=True))
def test_no_code_is_an_identifier(code):
    assert cell_kind(code) == ""


@given(st.lists(st.integers(10**8, 10**11), min_size=1, max_size=40))
def test_large_numbers_are_no_national_numbers(numbers):
    few = national_numbers({str(number) for number in numbers})
    # One in eleven passes the weakest check digit: a column where all do is not found by chance.
    assert len(few) < 5 or len(few) > len(set(numbers)) / 3


def _nhs_number(nine: int) -> str:
    digits = f"{nine:09d}"
    check = (11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11) % 11
    return f"{digits}{check}" if check < 10 else ""


@given(st.sets(st.integers(10**8, 10**9 - 1), min_size=12, max_size=30))
def test_a_column_of_nhs_numbers_is_found_without_their_blanks(nines):
    numbers = {
        number for number in map(_nhs_number, nines) if number and not number.endswith("000")
    }
    assert national_numbers(numbers) == numbers
    spaced = [f"{n[:3]} {n[3:6]} {n[6:]}" for n in numbers]
    assert all(map(is_national_number, spaced))


@given(st.integers(10**8, 10**9 - 1), st.integers(1, 9))
def test_a_wrong_check_digit_is_no_national_number(nine, off):
    number = _nhs_number(nine)
    if number:
        wrong = f"{number[:-1]}{(int(number[-1]) + off) % 10}"
        assert not is_national_number(f"{wrong[:3]} {wrong[3:6]} {wrong[6:]}")


def _is_bsn(number: int) -> bool:
    *first, last = map(int, str(number))
    return (sum(d * w for d, w in zip(first, range(9, 1, -1), strict=True)) - last) % 11 == 0


@pytest.mark.parametrize(
    "numbers",
    [
        ["12345678Z", "00000001R", "00000014Z", "87654321X", "11111111H"],  # DNI
        ["X0000000T", "X1234567L", "Y0000000Z", "Z0000000M", "X7654321J"],  # NIE
        ["11144477735", "52998224725", "12345678909"],  # CPF
        [str(n) for n in range(100_000_000, 100_000_200) if _is_bsn(n)],
    ],
)
def test_other_national_numbers(numbers):
    found = national_numbers(set(numbers))
    assert len(found) >= 3


@pytest.mark.parametrize(
    "text", ["Jane Doe", "Doe, Jane", "María José García", "Hans-Peter Muster"]
)
def test_full_names(text):
    assert is_full_name(text)


@pytest.mark.parametrize(
    "text",
    ["São Paulo", "Major Depression", "Jane", "Jean Monnet Hospital", "Basal Insulin", "Doe Jane1"],
)
def test_no_full_names(text):
    assert not is_full_name(text)
