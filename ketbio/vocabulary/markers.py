"""The markers that ketbio derives by name, and how every registered one is written for readers."""

from collections.abc import Iterator, Mapping

from ketbio.vocabulary.marker_records import Marker
from ketbio.vocabulary.marker_registry import marker_registry


class _DerivedByName(Mapping[str, Marker]):
    """Markers of the registry whose name alone says how they are derived; read when first asked."""

    def __getitem__(self, name: str) -> Marker:
        marker = marker_registry().markers[name]
        if not marker.is_derived_by_name:
            raise KeyError(name)
        return marker

    def __iter__(self) -> Iterator[str]:
        return (name for name, one in marker_registry().markers.items() if one.is_derived_by_name)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"MARKERS({', '.join(self)})"


MARKERS: Mapping[str, Marker] = _DerivedByName()
"""Name → marker, for those that an incoming table gives without being told how."""


def marker_label(name: str) -> str:
    """Return how a marker is written for readers; a name not known is returned as it is.

    Examples
    --------
    >>> marker_label("p_GSK3B_S9"), marker_label("my_marker")
    ('p-GSK3β (Ser9)', 'my_marker')
    """
    known = marker_registry().markers.get(name)
    return known.label if known is not None else name
