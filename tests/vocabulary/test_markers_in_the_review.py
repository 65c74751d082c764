"""The registry held against the texts that it stands on: places of papers, and facts by hand."""

import re

import pytest

from ketbio.report.bibliography import BIBLIOGRAPHY
from ketbio.vocabulary.marker_registry import marker_registry

REGISTRY = marker_registry()
KEY_OF = {one.number: one.key for one in REGISTRY.references.values() if one.number is not None}


def test_every_primary_paper_stands_at_its_place_in_the_list(literature):
    text = literature("003")
    listed = dict(re.findall(r"^(\d+)\. (.+)$", text[text.index("\nReferences\n") :], re.MULTILINE))
    source = BIBLIOGRAPHY.read_text(encoding="utf-8")
    for number, key in KEY_OF.items():
        entry = re.search(rf"^@\w+\{{{key},\n(.*?)^\}}", source, re.MULTILINE | re.DOTALL)[1]
        fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", entry, re.MULTILINE))
        told = listed[str(number)]
        title = fields["title"].replace("{", "").replace("}", "")
        assert told.startswith(fields["author"].split(",", 1)[0]), key
        assert f"({fields['year']})" in told, key
        assert title in told, key
        assert fields.get("doi", "") in told, key
        assert fields.get("pages", "").replace("--", "–") in told, key


# A short string of the text with its numbers → what the registry says of the papers numbered.
FACTS = [
    ("plasma after 230–240 min (127, 128)", "BDNF_plasma", "raised", "human", [127, 128]),
    ("in serum after 1 week (126)", "BDNF_serum", "raised", "human", [126]),
    ("same time points despite significant improvements in mood (129133)", "BDNF_plasma",
     "unchanged", "human", [130, 131, 132, 133]),
    ("neurotrophic factor serum levels following ketamine", "BDNF_serum", "unchanged", "human",
     [129]),
    ("GSK-3β, the inactive form, in rat prefrontal cortex (151, 152)", "p_GSK3B_S9", "raised",
     "rat", [151, 152]),
    ("levels of GSK-3 in the mouse hippocampus, striata, dentate gyrus, and PFC (109)", "GSK3",
     "lowered", "mouse", [109]),
    ("hippocampus and dorsal raphe nucleus post ketamine exposure (61, 74)", "p_mTOR_S2448",
     "raised", "rat", [61, 74]),
    ("a decrease of mTOR phosphorylation in the prefrontal cortex (32)", "p_mTOR_S2448", "lowered",
     "mouse", [32]),
    ("not paired with an increased phosphorylation level of mTOR (159)", "p_mTOR_S2448",
     "unchanged", "rat", [159]),
    ("mTOR levels were significantly reduced in the prefrontal cortex", "mTOR", "lowered", "rat",
     [161]),
    ("no changes in glutamate levels", "glutamate_brain", "unchanged", "human", [38, 39]),
    ("ratio of glutamine/glutamate, after 24 h (38, 39)", "glutamine_glutamate_ratio", "raised",
     "human", [38, 39]),
    ("(Glx) levels decreasing post ketamine", "Glx_brain", "lowered", "human", [36]),
    ("GABA levels decreasing after 3–4 h (33, 34)", "GABA_brain", "lowered", "human", [33, 34]),
    ("maintained for up to 24 h post-ketamine (35)", "GABA_brain", "lowered", "human", [35]),
    ("in the ventromedial prefrontal cortex in mice (140)", "VGF", "raised", "mouse", [140]),
    ("no effects in plasma VEGF levels after treatment with ketamine (131)", "VEGF_plasma",
     "unchanged", "human", [131]),
    ("increased plasma levels of VEGFA mRNA and VEGFA protein (170)", "VEGF_plasma", "raised",
     "human", [170]),
    ("ketamine administration decreased levels of VEGF after 2 h (169)", "VEGF_brain", "lowered",
     "rat", [169]),
    ("restored by ketamine administration (171)", "miR_29b_3p", "raised", "rat", [171]),
    ("miR-206, was down-regulated in ketamine-treated rodents", "miR_206", "lowered", "rodent",
     [172]),
    ("reversed by ketamine administration in 24 h (173)", "miR_9_5p", "raised", "rat", [173]),
    ("rapid decreases in p-eEF2 in the hippocampus", "p_eEF2", "lowered", "mouse", [90]),
    ("levels of phosphorylated eEF2K in the prefrontal cortex (143)", "p_eEF2K", "raised",
     "animal", [143]),
    ("levels of phosphorylated-PSD-95", "p_PSD95", "lowered", "animal", [153]),
    ("levels of GLT-1 with ketamine exposure in the mPFC (64)", "GLT1", "lowered", "rat", [64]),
    ("Levels of subunit GluA3 was significantly reduced in the hippocampus", "GluA3", "lowered",
     "mouse", [45]),
    ("no effects on NR1 and NR3 subtypes were seen", "GluN1", "unchanged", "rat", [155]),
    ("plasma BDNF from ketamine was shown to have no effect on brain BDNF in rats", "BDNF_plasma",
     "raised", "rat", [137]),
]  # fmt: skip


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact[1]} {fact[2]}")
def test_a_fact_is_in_the_text_and_in_the_registry(literature, fact):
    words, marker, direction, species, numbers = fact
    text = literature("003")
    assert words in text
    told = {(one.citation, one.direction, one.species) for one in REGISTRY.markers[marker].reports}
    for number in numbers:
        assert (KEY_OF[number], direction, species) in told


def test_no_report_stands_twice():
    for one in REGISTRY.markers.values():
        assert len(set(one.reports)) == len(one.reports), one.name


def test_the_trial_of_2021_is_told_as_its_abstract_does(literature):
    text = literature("000")
    for words in ("n=6", "n=5", "six ketamine infusions over 2 weeks", "mononuclear cells",
                  "post-treatment insulin/mTOR/GSK3β signaling"):  # fmt: skip
        assert words in text
    for name in ("p_mTOR_insulin_PBMC", "p_GSK3B_insulin_PBMC"):
        (report,) = REGISTRY.markers[name].reports
        assert (report.citation, report.direction, report.ketamine) == (
            "roy2021", "raised", "repeated",
        )  # fmt: skip
        assert report.compares == "responders against non-responders"
