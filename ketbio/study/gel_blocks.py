"""``blocks = "gel"`` of a planned analysis: the gels of its blot markers as blocks."""

from collections.abc import Mapping

import pandas as pd

from ketbio.endpoints.band_blocks import GEL, blocks_of_gels, gel_lanes
from ketbio.study.plan import AnalysisPlan, Study
from ketbio.vocabulary import PARTICIPANT_ID


def with_gels(
    plan: AnalysisPlan, study: Study, participants: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return the participants with a column ``gel`` where an analysis asks for blocks by it.

    Parameters
    ----------
    plan : AnalysisPlan
        The analysis; the gels are those of its markers that come from blots.
    study : Study
        The plan that it belongs to.
    participants : DataFrame
        The validated ``participants`` table; a column ``gel`` of its own stands.
    tables : mapping of str to DataFrame
        The study's validated tables by name.
    """
    is_asked = plan.options.get("blocks") == GEL and GEL not in participants.columns
    blotted = {table.name for table in study.tables if table.schema == "blots"}
    wanted = plan.options.get("markers", ())
    markers = [one for one in study.markers if one.name in wanted and one.table in blotted]
    if not is_asked or not markers:
        return participants
    lanes = [
        gel_lanes(
            tables[one.table],
            marker=one.name,
            target=one.options.get("target"),
            site=one.options.get("site") if "phospho" in one.options.get("form", "phospho") else "",
        )
        for one in markers
    ]
    gels = blocks_of_gels(lanes).set_index(PARTICIPANT_ID)[GEL]
    return participants.assign(**{GEL: participants[PARTICIPANT_ID].map(gels)})
