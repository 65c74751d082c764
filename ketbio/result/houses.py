"""What tells the sentences of one manual of style from those of another."""

from dataclasses import dataclass

from ketbio.number_formats import NumberFormat, number_format


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What tells one manual of style from another, beside its numbers.

    Attributes
    ----------
    form : NumberFormat
        How it writes numbers.
    label_mark : str
        What stands between a label and its number: ``SD = 6.28`` or ``SD, 6.28``.
    has_effect_size : bool
        Whether a standardised effect is told beside an estimate in units.
    has_statistic : bool
        Whether the test's statistic is told with its degrees of freedom.
    is_in_brackets : bool
        Whether interval and p stand in the parentheses, or before them.
    """

    form: NumberFormat
    label_mark: str
    has_effect_size: bool
    has_statistic: bool
    is_in_brackets: bool


APA = House(
    form=number_format("apa"),
    label_mark=" = ",
    has_effect_size=True,
    has_statistic=True,
    is_in_brackets=False,
)
AMA = House(
    form=number_format("ama"),
    label_mark=", ",
    has_effect_size=False,
    has_statistic=False,
    is_in_brackets=True,
)
