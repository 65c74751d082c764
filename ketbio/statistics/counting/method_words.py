"""How p was made, in words: what was counted or drawn, and what p is the share of."""

from ketbio.wording import count_of


def method_text(
    *,
    is_counted: bool,
    n_arrangements: int,
    n_draws: int,
    stopped_after: int | None = None,
    mid_p: bool = False,
    residuals: str = "",
) -> str:
    """Return ``"exact, 462 arrangements"`` or ``"9,999 draws"``, with what else was asked for.

    Examples
    --------
    >>> method_text(is_counted=True, n_arrangements=462, n_draws=9999)
    'exact, 462 arrangements'
    >>> method_text(is_counted=False, n_arrangements=462, n_draws=71, stopped_after=20)
    '72 draws, stopped at the 20th as extreme'
    >>> method_text(is_counted=True, n_arrangements=5040, n_draws=0, residuals="Freedman–Lane")
    '5,040 permutations of residuals (Freedman–Lane)'
    """
    of = f" of residuals ({residuals})" if residuals else ""
    # The number of all arrangements is written where they were counted only: it can have more
    # digits than Python is willing to write.
    if is_counted:
        counted = count_of(n_arrangements, "permutation" if residuals else "arrangement")
        text = f"{counted}{of}" if residuals else f"exact, {counted}"
    else:
        # The last draw, at which drawing stopped, stands in for the observed arrangement.
        made = n_draws + (stopped_after is not None)
        text = f"{count_of(made, 'draw')}{of}"
        if stopped_after is not None:
            text += f", stopped at the {_ordinal(stopped_after)} as extreme"
    return f"{text}, mid-p" if mid_p else text


def _ordinal(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return f"{number:,}th"
    return f"{number:,}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def p_definition(alternative: str, *, is_counted: bool, mid_p: bool, centre: str = "E T") -> str:
    """Return what p is the share of, in symbols.

    Parameters
    ----------
    alternative : str
        One of `ALTERNATIVES`.
    is_counted : bool
        Whether every arrangement was counted.
    mid_p : bool
        Whether arrangements as extreme count half.
    centre : str
        From where a two-sided distance is measured: ``"E T"``, the mean of T over all
        arrangements, or ``"0"``.

    Examples
    --------
    >>> p_definition("two-sided", is_counted=True, mid_p=False)
    'share of arrangements with |T − E T| ≥ |t − E T|'
    """
    of = "arrangements" if is_counted else "draws, the observed arrangement counted as one,"
    share = f"share of {of} with"
    distance = "|T| ≥ |t|" if centre == "0" else f"|T − {centre}| ≥ |t − {centre}|"
    text = {
        "two-sided": f"{share} {distance}",
        "greater": f"{share} T ≥ t",
        "less": f"{share} T ≤ t",
        "two-sided-doubled": f"twice the smaller of the shares of {of} with T ≥ t and with T ≤ t",
    }[alternative]
    return f"{text}; those exactly as extreme count half" if mid_p else text
