"""The registry of markers: its format, its words, its coverage, and that it is read late."""

import copy
import re
import subprocess
import sys
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.report.bibliography import BIBLIOGRAPHY, known_keys
from ketbio.vocabulary import MARKERS, marker_label
from ketbio.vocabulary.marker_records import Marker, expected_alternative, tally_reports
from ketbio.vocabulary.marker_registry import REVIEW, marker_registry
from ketbio.vocabulary.marker_schema import BEFORE, COMPARES, DIRECTIONS, SPECIES, registry_faults
from ketbio.vocabulary.marker_words import folded_marker

REGISTRY = marker_registry()
FOLDER = files("ketbio.vocabulary")
FILES = sorted(one.name for one in FOLDER.iterdir() if re.fullmatch(r"markers_\w+\.toml", one.name))

MOLECULES = (
    *("glutamate", "glutamine", "Glx", "GABA", "GluA1", "GluA2", "GluA3", "GluA4"),
    *("GluN1", "GluN2A", "GluN2B", "EAAT2", "EAAT3", "GLT-1", "mTOR", "phospho-mTOR"),
    *("p70S6K", "4E-BP", "eEF2K", "eEF2", "Akt", "Rheb", "ERK/MAPK", "CREB", "GSK-3"),
    *("phospho-GSK3β", "BDNF", "proBDNF", "mature BDNF", "TrkB", "VGF", "IGF2", "VEGF", "PEDF"),
    *("PSD-95", "synapsin", "HDAC5", "miR-29b-3p", "miR-206", "miR-9-5p"),
    *("insulin-stimulated mTOR", "insulin-stimulated GSK3β"),
)


def entries():
    """Return the tables of every file, and the references, as TOML gives them."""
    told = {}
    for name in FILES:
        for table, rows in tomllib.loads(FOLDER.joinpath(name).read_text("utf-8")).items():
            told.setdefault(table, []).extend(rows)
    references = tomllib.loads(FOLDER.joinpath("marker_references.toml").read_text("utf-8"))
    return told, references


ENTRIES, REFERENCES = entries()


# -- format ----------------------------------------------------------------------------------
def test_the_registry_keeps_its_format():
    assert registry_faults(ENTRIES, REFERENCES) == ()
    assert {entry["name"] for entry in ENTRIES["marker"]} == set(REGISTRY.markers)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda one: one.pop("label"), "glutamate_brain lacks 'label'."),
        (lambda one: one.update(colour="red"), "glutamate_brain: 'colour' is not known; allowed: "),
        (lambda one: one.update(scale="ln"), "scale is 'ln'; allowed: raw, log2, ratio."),
        (lambda one: one.update(reports=[]), "reports is []; a filled list is wanted."),
        (lambda one: one.update(name="brain glutamate 2"), "not safe as the name of a column"),
        (lambda one: one.update(label="glutamate_brain"), "its label is its name"),
        (lambda one: one.update(name="GABA_brain"), "GABA_brain is there 2 times"),
        (lambda one: one.update(table="blots"), "a blot needs its target and form."),
        (lambda one: one["synonyms"].append("p-mTOR S2448"), "glutamate_brain and of p_mTOR_S2448"),
        (lambda one: one["synonyms"].append("B.D.N.F."), "'bdnf' is a word of ambiguous"),
        (
            lambda one: one["reports"][0].update(direction="up"),
            "direction is 'up'; allowed: ",
        ),
        (lambda one: one["reports"][0].update(species="pig"), "species is 'pig'; allowed: human"),
        (lambda one: one["reports"][0].pop("population"), "a human report needs its population."),
        (lambda one: one["reports"][0].update(citations=["x1900"]), "'x1900' is not in the refe"),
        (lambda one: one["reports"][0].pop("citations"), "report 1 lacks 'citations'."),
    ],
)
def test_what_does_not_keep_the_format_is_told(change, sentence):
    changed = copy.deepcopy(ENTRIES)
    change(changed["marker"][0])
    assert any(sentence in fault for fault in registry_faults(changed, REFERENCES))


def test_an_open_word_names_markers_that_are_there():
    changed = copy.deepcopy(ENTRIES)
    changed["ambiguous"][0]["candidates"] = ["nothing"]
    assert registry_faults(changed, REFERENCES) == (
        "glutamate: its candidate 'nothing' is no marker.",
    )
    assert registry_faults({**changed, "makrer": []}, REFERENCES)[0].startswith("[[makrer]] is not")


@pytest.mark.parametrize("molecule", MOLECULES)
def test_every_molecule_asked_for_is_covered(molecule):
    assert any(molecule in one.molecules for one in REGISTRY.markers.values())


def test_every_report_is_of_a_known_direction_and_a_known_paper():
    reports = [report for one in REGISTRY.markers.values() for report in one.reports]
    assert {one.direction for one in reports} == set(DIRECTIONS)
    assert {one.species for one in reports} == set(SPECIES)
    assert {one.compares for one in reports} == set(COMPARES)
    assert {one.citation for one in reports} | {REVIEW} == set(REGISTRY.references)
    assert {one.via for one in reports if one.citation != "roy2021"} == {REVIEW}
    assert {one.via for one in reports if one.citation == "roy2021"} == {""}


def test_every_paper_has_an_entry_in_the_bibliography_with_the_same_doi():
    source = BIBLIOGRAPHY.read_text(encoding="utf-8")
    found = dict(re.findall(r"^@\w+\{(\w+),\n(?:  .*\n)*?  doi = \{(.*)\},$", source, re.MULTILINE))
    assert set(REGISTRY.references) <= known_keys()
    assert {key: one.doi for key, one in REGISTRY.references.items() if one.doi} == {
        key: found[key] for key, one in REGISTRY.references.items() if one.doi
    }
    for key, one in REGISTRY.references.items():
        assert key.rstrip("abc")[-4:] in one.cite


# -- markers that were there before -------------------------------------------------------------
@pytest.mark.parametrize(
    "known",
    [
        Marker(name="p_mTOR_S2448", label="p-mTOR (Ser2448)", table="blots", target="mTOR",
               site="S2448"),
        Marker(name="p_GSK3B_S9", label="p-GSK3β (Ser9)", table="blots", target="GSK3B", site="S9"),
        Marker(name="BDNF_serum", label="serum BDNF", table="bdnf", specimen="serum"),
        Marker(name="BDNF_plasma", label="plasma BDNF", table="bdnf", specimen="plasma"),
    ],
    ids=lambda one: one.name,
)  # fmt: skip
def test_a_marker_derived_by_name_is_what_it_was(known):
    for attribute in ("name", "label", "table", "target", "site", "specimen"):
        assert getattr(MARKERS[known.name], attribute) == getattr(known, attribute)


def test_only_those_four_are_derived_by_name():
    assert list(MARKERS) == ["p_mTOR_S2448", "p_GSK3B_S9", "BDNF_serum", "BDNF_plasma"]
    assert len(MARKERS) == 4
    assert "GluA1" not in MARKERS  # a total protein: its name does not say how it is derived
    assert MARKERS.get("nothing") is None
    assert marker_label("miR_206") == "miR-206"


# -- words -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("pGSK-3β(Ser9)", "p_GSK3B_S9"),
        ("p-GSK3b (S9)", "p_GSK3B_S9"),
        ("phospho-GSK3 beta Ser-9", "p_GSK3B_S9"),
        ("p-mTOR (S2448)", "p_mTOR_S2448"),
        ("Phospho-mTOR (Ser2448)", "p_mTOR_S2448"),
        ("BDNF plasma (pg/mL)", "BDNF_plasma"),
        ("plasma_BDNF_ng_ml", "BDNF_plasma"),
        ("BDNF (serum) [ng/ml]", "BDNF_serum"),
        ("PSD-95", "PSD95"),
        ("hsa-miR-29b-3p", "miR_29b_3p"),
        ("NMDAR2-β", "GluN2B"),
        ("GLX", "Glx_brain"),
        ("Gln/Glu", "glutamine_glutamate_ratio"),
        ("erk1/2", "ERK"),
    ],
)
def test_a_word_of_a_file_means_its_marker(word, name):
    assert REGISTRY.marker_of(word).name == name


@pytest.mark.parametrize(
    "word",
    ["entropy", "actin", "mTORC2", "p-mTOR S2481", "GSK3A", "miR-29a-3p", "BDNF csf", ""],
)
def test_another_word_means_none(word):
    assert REGISTRY.marker_of(word) is None
    assert REGISTRY.open_word_of(word) is None


@pytest.mark.parametrize("word", ["BDNF", "bdnf (ng/mL)", "p-mTOR", "pGSK3β", "VEGF", "GABA"])
def test_a_word_that_leaves_something_open_is_never_resolved(word):
    assert REGISTRY.marker_of(word) is None
    assert REGISTRY.open_word_of(word).open


def test_every_way_of_writing_a_marker_means_it():
    for one in REGISTRY.markers.values():
        for word in (one.name, one.label, *one.synonyms):
            assert REGISTRY.marker_of(word) is one, word


WORDS = sorted({word for one in REGISTRY.markers.values() for word in (one.name, *one.synonyms)})


@given(st.sampled_from(WORDS), st.data())
def test_case_blanks_and_signs_make_no_other_word(word, data):
    shaken = "".join(
        letter.swapcase() + data.draw(st.sampled_from(["", " ", "-", "_", "."])) for letter in word
    )
    assert folded_marker(shaken) == folded_marker(word)


# -- directions ------------------------------------------------------------------------------
BY_HAND = {
    "BDNF_plasma": ({"raised": 2, "unchanged": 4}, {"raised": 1}),
    "BDNF_serum": ({"raised": 1, "unchanged": 1}, {"raised": 1}),
    "VEGF_plasma": ({"raised": 1, "unchanged": 1}, {}),
    "glutamate_brain": ({"raised": 2, "lowered": 1, "unchanged": 2}, {"raised": 2, "lowered": 1}),
    "p_GSK3B_S9": ({"raised": 1}, {"raised": 2}),
    "p_mTOR_S2448": ({"raised": 1}, {"raised": 2, "lowered": 1, "unchanged": 2}),
    "mTOR": ({}, {"raised": 2, "lowered": 1}),
    "VGF": ({}, {"raised": 1}),
    "miR_206": ({}, {"lowered": 1}),
    "miR_29b_3p": ({}, {"raised": 1}),
    "miR_9_5p": ({}, {"raised": 1}),
}
"""Marker → papers per direction, of people and of the others, counted by hand in the review."""


@pytest.mark.parametrize("name", BY_HAND)
def test_papers_are_counted_by_direction_people_apart(name):
    marker = REGISTRY.markers[name]
    found = tuple(
        {direction: len(keys) for direction, keys in tally_reports(reports).items()}
        for reports in (marker.human_reports, marker.animal_reports)
    )
    assert found == BY_HAND[name]


def test_a_direction_is_expected_only_where_all_reports_of_people_agree():
    directed = {name: expected_alternative(one) for name, one in REGISTRY.markers.items()}
    assert {name: word for name, word in directed.items() if word} == {
        "glutamine_glutamate_ratio": "greater",
        "VEGFA_mRNA": "greater",
        "VEGF_PEDF_mRNA_ratio": "greater",
    }
    for name, word in directed.items():
        changes = [one for one in REGISTRY.markers[name].human_reports if one.compares == BEFORE]
        if word:
            assert {one.direction for one in changes} == {"raised"}


# -- cost ------------------------------------------------------------------------------------
def test_the_files_are_read_only_when_a_marker_is_asked_for():
    code = (
        "import ketbio.vocabulary as v; from ketbio.vocabulary.marker_registry import "
        "marker_registry as r; a = r.cache_info().currsize; v.MARKERS['BDNF_serum']; "
        "v.marker_label('x'); print(a, r.cache_info().currsize, r.cache_info().misses)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1", "1"]
