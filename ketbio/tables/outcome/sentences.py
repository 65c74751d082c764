"""A check in sentences: one per complaint with its place, and the outcome in one."""

from ketbio.tables.complaints import NOT_DONE, UNSEEN
from ketbio.tables.outcome.told import ToldCheck
from ketbio.wording import count_of


def place_of(check: ToldCheck) -> str:
    """Return what the sentences call the table: its file, or its name."""
    return check.file or f"table {check.table}"


def complaint_sentences(check: ToldCheck, severity: str | None = None) -> tuple[str, ...]:
    """Return one sentence per complaint, of one severity or of all."""
    chosen = check.complaints
    if severity is not None:
        chosen = chosen[chosen["severity"] == severity]
    return tuple(
        f"{place_of(check)}, row {row}: {message}"
        for row, message in zip(chosen["row"], chosen["message"], strict=True)
    )


def is_safety_seen(check: ToldCheck) -> bool:
    """Return whether nothing kept the safety check, where the schema has one, from looking."""
    was_left_out = UNSEEN in set(check.complaints["rule"])
    return not was_left_out and not any(NOT_DONE in note for note in check.notes)


def outcome_sentence(check: ToldCheck) -> str:
    """Return the outcome in one sentence."""
    counts = check.counts()
    # None found must not read as none there.
    extent = "" if is_safety_seen(check) else " (not all was looked at)"
    said = [
        f"{count_of(counts['safety'], 'safety complaint')}{extent}",
        count_of(counts["error"], "error"),
        count_of(counts["warning"], "warning"),
    ]
    return (
        f"{check.table}: {count_of(check.n_incoming, 'record')}, {check.n_accepted:,} accepted, "
        f"{check.n_rejected:,} rejected; {', '.join(said)}."
    )
