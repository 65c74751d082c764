"""A result as a sentence for a paper: APA (7th edition) and AMA (11th edition).

The rules are told in ``docs/sentences.md``; how numbers are written is `ketbio.number_formats`.
"""

import math
import re
from typing import TYPE_CHECKING

from ketbio.number_formats import (
    NumberFormat,
    write_count,
    write_interval,
    write_number,
    write_p,
)
from ketbio.result.houses import AMA, APA, House
from ketbio.result.told import (
    Told,
    could_not_be_small,
    has_statistic,
    is_count,
    is_open,
    is_range_of_data,
    is_test_alone,
    told_of,
    why_nothing,
)
from ketbio.result.words import (
    is_of_change,
    named,
    on_one_line,
    quantity_words,
    statistic_words,
    visit_of_value,
)
from ketbio.wording import capitalised, spaced

if TYPE_CHECKING:
    from ketbio.result.record import Result


def apa_sentence(result: "Result") -> str:
    """Return a result as the Publication Manual of the APA asks for it."""
    return _sentence(result, APA)


def ama_sentence(result: "Result") -> str:
    """Return a result as the AMA Manual of Style asks for it."""
    return _sentence(result, AMA)


def _sentence(result: "Result", house: House) -> str:
    told = told_of(result)
    subject = _subject(result, told, house)
    numbers = [*_interval(result, told, house), *_p_words(result, house)]
    known_by = [*_test(result, house), _who(result, house)]
    if house.is_in_brackets:
        text = f"{subject} ({'; '.join([*numbers, *known_by])})"
    else:
        text = f"{', '.join([subject, *numbers])} ({'; '.join(known_by)})"
    return on_one_line(" ".join([f"{text}.", *_left_open(result, told, house)]))


def _subject(result: "Result", told: Told, house: House) -> str:
    article = "the " if is_of_change(result) else ""
    if is_test_alone(result):
        return f"{capitalised(article + quantity_words(result))} was tested"
    if not told.is_known:
        return f"No estimate was given for {article}{quantity_words(result)}: {why_nothing(result)}"
    if is_count(result):
        return _count_words(result, house)
    name, unit = named(told.name) or "estimate", told.unit
    if unit and unit in name.split():
        name, unit = f"number of {name}", ""
    number = f"{_value(told, house)}{_unit_words(unit)}"
    return f"The {_named(result, name, told)} was {_symbol(result, told, house)}{number}"


def _named(result: "Result", name: str, told: Told) -> str:
    """Return what the number is of: ``mean change in MADRS from baseline to day 14``."""
    about = quantity_words(result).removesuffix(f", {name}")
    sides = _sides(result, told)
    if told.is_correlation:
        about = re.sub(r", (against|with) (the change of |that of )", r" with \2", about)
    comma = "," if "," in about else ""
    if name.endswith(" change") and about.startswith("change in "):
        return f"{name.removesuffix('change')}{about}{comma}"
    if about.startswith(("change in ", "course of ")) and not name.endswith(" the change"):
        about = f"the {about}"
    if name.endswith(" the change"):
        about = about.removeprefix("change ")
        return f"{name} {about}{comma}"
    return f"{name}{sides} {'in' if sides else 'of'} {about}{comma}"


def _sides(result: "Result", told: Told) -> str:
    """Say which group is subtracted from which, or which is over which."""
    is_difference = bool(told.unit) or told.is_superiority or bool(_DIFFERENCE.search(told.name))
    is_told = len(result.groups) == 2 and is_difference and not told.is_correlation
    if not is_told or (result.analysis == "compare_visits" and not told.is_superiority):
        return ""
    sign = " over " if told.is_superiority else " − "
    return f" ({sign.join(map(spaced, result.groups))})"


_DIFFERENCE = re.compile(r"difference|shift|wins|bias")


def _unit_words(unit: str) -> str:
    return unit if unit in ("", "%") else f" {unit}"


def _count_words(result: "Result", house: House) -> str:
    name = "" if result.estimate_name == "percent" else result.estimate_name
    of = "of " if name.endswith("s") else ""
    count = write_count(round(result.statistic), house.form)
    total = write_count(result.n_total, house.form)
    about = quantity_words(result)
    comma = "," if "," in about else ""
    number = " ".join(["The number", *([f"{of}{name}"] if name else [])])
    percent = "" if house.is_in_brackets else f" ({_percent(result, result.estimate, house)})"
    return f"{number} for {about}{comma} was {count} of {total}{percent}"


def _percent(result: "Result", value: float, house: House) -> str:
    if house.form.is_percent_whole and result.n_total < 100 and math.isfinite(value):
        digits = len(str(int(abs(value))))
        return f"{write_number(value, house.form, digits=digits)}%"
    return f"{write_number(value, house.form)}%"


def _value(told: Told, house: House) -> str:
    if told.unit in told.name.split() and told.value.is_integer():
        return write_count(int(told.value), house.form)
    return write_number(told.value, house.form, is_bounded=told.is_bounded)


def _symbol(result: "Result", told: Told, house: House) -> str:
    """Return the symbol of a correlation with its degrees of freedom, where a house has it."""
    if told.name == REPEATED and house.has_statistic:
        found = re.fullmatch(r"r(\(.+\))", result.statistic_name)
        return f"rrm{found[1]} = " if found else ""
    symbol = _SYMBOLS.get(told.name, "") if house.has_statistic else ""
    if not symbol or result.n_total < 3:
        return ""
    return f"{symbol}({result.n_total - 2}) = "


REPEATED = "repeated-measures correlation"
_SYMBOLS = {"Pearson r": "r", "Spearman rho": "rs"}
"""Symbols that APA writes with n − 2 degrees of freedom."""


def _interval(result: "Result", told: Told, house: House) -> list[str]:
    words = []
    if is_count(result) and house.is_in_brackets:
        words.append(_percent(result, result.estimate, house))
    if not math.isnan(result.spread):
        words.append(f"SD{house.label_mark}{write_number(result.spread, house.form)}")
    if is_range_of_data(result):
        return [*words, _quartiles(told, house)]
    if told.has_interval:
        words.append(_limits(result, told, house))
    if house.has_effect_size and not math.isnan(result.estimate):
        words += _effect(result, house)
    return words


def _limits(result: "Result", told: Told, house: House) -> str:
    if is_count(result) and house.form.is_percent_whole:
        low, high = (_percent(result, one, house) for one in (told.low, told.high))
        level = f"{100 * result.ci_level:g}%"
        return house.form.interval.format(level=level, low=low, high=high)
    return write_interval(
        told.low,
        told.high,
        house.form,
        level=result.ci_level,
        is_bounded=told.is_bounded,
        unit="%" if told.unit == "%" and house.is_in_brackets else "",
    )


def _quartiles(told: Told, house: House) -> str:
    low, high = (write_number(one, house.form) for one in (told.low, told.high))
    return house.form.interval.format(level="IQR", low=low, high=high).replace("IQR CI", "IQR")


def _effect(result: "Result", house: House) -> list[str]:
    """Give the standardised effect, unless it says what the estimate says."""
    is_same = result.effect_size_name == result.estimate_name or told_of(result).is_correlation
    if math.isnan(result.effect_size) or is_same:
        return []
    value = write_number(result.effect_size, house.form)
    limits = result.effect_size_ci
    words = [f"{result.effect_size_name or 'effect size'}{house.label_mark}{value}"]
    if not any(map(math.isnan, limits)):
        words.append(write_interval(*limits, house.form, level=result.ci_level))
    return words


def _p_words(result: "Result", house: House) -> list[str]:
    words = []
    has_name = re.fullmatch(r"(t|F|χ²)(\(.+\))?", result.statistic_name)
    is_the_answer = is_test_alone(result) and has_statistic(result)
    if is_the_answer or (house.has_statistic and has_name):
        words.append(f"{statistic_words(result)} = {write_number(result.statistic, house.form)}")
    if result.p_method and not math.isnan(result.p_value):
        words.append(write_p(result.p_value, house.form))
    if not math.isnan(result.p_adjusted):
        words.append(f"{write_p(result.p_adjusted, house.form)} after {result.adjustment}")
    return words


def _test(result: "Result", house: House) -> list[str]:
    if not result.p_method:
        return []
    return [test_words(result, house.form)]


def test_words(result: "Result", form: NumberFormat) -> str:
    """Return the name of the test: ``exact permutation test, 462 arrangements``."""
    words = result.p_method.split(", which assumes")[0]
    words = re.sub(r"^exact\b", "exact permutation test", words)
    if " draws" in words and "permutation" not in words:
        words = f"permutation test, {words}"
    words = re.sub(
        r"\d{1,3}(,\d{3})+", lambda found: write_count(int(found[0].replace(",", "")), form), words
    )
    return words + _SIDES.get(result.alternative, "")


_SIDES = {
    "less": ", 1-sided: less",
    "greater": ", 1-sided: greater",
    "two-sided-doubled": ", 2-sided by doubling",
}


def _who(result: "Result", house: House) -> str:
    """Return how many were analysed: ``n = 12 pairs``, ``n = 5 responders and 6 …``."""
    if not result.n:
        return "n not given"
    visit = visit_of_value(result)
    told = [_group_words(group, count, visit, house) for group, count in result.n.items()]
    return f"n{house.form.gap}={house.form.gap}{' and '.join(told)}"


def _group_words(group: str, count: int, visit: str, house: House) -> str:
    number, name = write_count(count, house.form), spaced(group)
    if group == "all" or name == visit:
        return number
    if name.endswith("responder"):
        return f"{number} {name}{'' if count == 1 else 's'}"
    if name.endswith("s"):
        return f"{number} {name.removesuffix('s') if count == 1 else name}"
    return f"{number} in {name}"


def _left_open(result: "Result", told: Told, house: House) -> list[str]:
    """Say what an interval leaves open, and where the design could not have said more."""
    words = []
    if is_open(result) and told.holds_both_sides and not is_range_of_data(result):
        null = write_number(told.null, house.form, digits=1, is_bounded=told.is_bounded)
        words.append(f"The interval holds values on both sides of {null}.")
    if could_not_be_small(result):
        least = write_p(result.p_floor, house.form, symbol=False)
        words.append(
            f"The smallest {house.form.p_symbol} that this design could have given is {least}."
        )
    return words
