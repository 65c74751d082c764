"""The fixed effects of a longitudinal model: a formula of one's own, or the usual one."""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from formulaic import Formula
from formulaic.errors import FormulaicError
from formulaic.formula import SimpleFormula
from formulaic.parser.types import Factor, Term

from ketbio.analyses.visit_models.rows import OUTCOMES
from ketbio.errors import StatisticsError, did_you_mean
from ketbio.wording import join_words

ARM, VISIT, BASELINE, DAY = "arm", "visit", "baseline", "day"
MODEL_NAMES = (ARM, VISIT, BASELINE, DAY)
"""What a formula calls the arm, the visit, the value at baseline and the day of a visit."""

TAKEN = frozenset({*MODEL_NAMES, *OUTCOMES})
"""Names that no covariate can have."""

FUNCTIONS = ("I", "bs", "center", "exp", "log", "log10", "log2", "poly", "scale")
"""What a formula may call. Anything else would be run as a program: a study file must not."""

LONGEST = 160
"""Of a formula so much is repeated in a refusal."""

EXAMPLE = '"arm * visit + baseline * visit"'
_PLACE = re.compile("⧛?\x1b?\\[1;31m(?P<at>.*?)\x1b?\\[0m⧚?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedEffects:
    """The terms of a model.

    Attributes
    ----------
    formula : SimpleFormula
        Its right-hand side.
    text : str
        As told to readers.
    names : frozenset of str
        Every variable it names.
    """

    formula: SimpleFormula
    text: str
    names: frozenset[str]

    @property
    def needs_baseline(self) -> bool:
        """Whether the value at baseline is a part of the model."""
        return BASELINE in self.names


def fixed_effects(
    formula: str | None, *, outcome: str, covariates: Sequence[str], columns: Iterable[str]
) -> FixedEffects | None:
    """Return a formula of one's own as terms; None where none is given.

    Parameters
    ----------
    formula : str or None
        Such as ``"arm * visit + baseline * visit + age_years"``, with or without ``"change ~"``.
    outcome : str
        What is modelled.
    covariates : sequence of str
        Empty where a formula is given: it names them itself.
    columns : iterable of str
        Columns of the participants table, which it may name.

    Raises
    ------
    StatisticsError
        A formula that cannot be read, names what is not there, or would run a program.

    Examples
    --------
    >>> found = fixed_effects("arm * visit", outcome="change", covariates=(), columns=[])
    >>> found.text, sorted(found.names)
    ('change ~ arm * visit', ['arm', 'visit'])
    """
    if formula is None:
        return None
    if not isinstance(formula, str) or not formula.strip():
        raise StatisticsError(
            f"formula is {formula!r}; a text with the terms of the model is wanted, such as "
            f"{EXAMPLE}, or None for the usual ones."
        )
    if covariates:
        raise StatisticsError(
            f"covariates names {join_words(map(repr, covariates))}, and formula is given too; "
            "add them to the formula, and leave covariates out."
        )
    right = _right_side(formula, outcome)
    _check_names(right, formula, [*MODEL_NAMES, *(one for one in columns if one not in TAKEN)])
    own = formula.split("~", 1)[-1].strip()
    return FixedEffects(
        formula=right,
        text=f"{outcome} ~ {' '.join(own.split())}",
        names=frozenset(map(str, right.required_variables)),
    )


def usual_effects(
    *, outcome: str, covariates: Sequence[str], n_arms: int, n_visits: int
) -> FixedEffects:
    """Return arm × visit + baseline × visit + covariates, without what there is only one of.

    The terms are made, not read from a text, so that a covariate may be called anything.

    Examples
    --------
    >>> usual_effects(outcome="change", covariates=["age"], n_arms=2, n_visits=3).text
    'change ~ arm × visit + baseline × visit + age'
    >>> usual_effects(outcome="change", covariates=[], n_arms=1, n_visits=3).text
    'change ~ baseline × visit'
    """
    visit = [[VISIT]] if n_visits > 1 else []
    arm = [[ARM]] if n_arms > 1 else []
    alone = [*arm, *visit, [BASELINE], *([name] for name in covariates)]
    crossed = [[*one, VISIT] for one in (*arm, [BASELINE]) if visit]
    terms = [Term([Factor("1", eval_method="literal")])]
    terms += [
        Term([Factor(name, eval_method="lookup") for name in names]) for names in (*alone, *crossed)
    ]
    with_visit = " × visit" if visit else ""
    told = [
        *(f"{one[0]}{with_visit}" for one in arm),
        f"{BASELINE}{with_visit}",
        *covariates,
    ]
    return FixedEffects(
        formula=SimpleFormula(terms, _ordering="none"),
        text=f"{outcome} ~ {' + '.join(told)}",
        names=frozenset(name for names in alone for name in names),
    )


def _right_side(text: str, outcome: str) -> SimpleFormula:
    try:
        found = Formula(text)
    except FormulaicError as refused:
        raise StatisticsError(_unreadable(text, str(refused))) from None
    except (AttributeError, TypeError, ValueError, SyntaxError, RecursionError):
        raise StatisticsError(_unreadable(text, "")) from None
    right = found
    if not isinstance(found, SimpleFormula):
        right = getattr(found, "rhs", None)
        left = getattr(found, "lhs", None)
        if not isinstance(right, SimpleFormula) or not isinstance(left, SimpleFormula):
            raise StatisticsError(_unreadable(text, "It has several parts."))
        said = " + ".join(map(str, left))
        if said != outcome:
            raise StatisticsError(
                f"formula {text!r} has {said!r} on its left side, and outcome is {outcome!r}; "
                f"write {outcome!r} there or nothing, or choose another outcome of "
                f"{join_words(map(repr, OUTCOMES))}."
            )
    if not list(right) or all(str(term) == "1" for term in right):
        raise StatisticsError(
            f"formula {text!r} has no term but the intercept; write the terms of the model, such "
            f"as {EXAMPLE}."
        )
    return right


def _unreadable(text: str, why: str) -> str:
    """Return the sentence for a formula that cannot be read, with the place in its text."""
    reason, _, shown = why.partition("\n\n")
    place = _PLACE.sub(r"»\g<at>«", shown).strip()
    if "Expected:" in reason or "context marker" in reason:
        reason = "Something that is opened there is not closed."
    where = f" at »…« in {place}" if "»" in place else ""
    first = reason.strip().split(". ")[0].rstrip(".")
    said = f" ({first})" if first else ""
    return f"formula {_short(text)!r} cannot be read{_short(where)}{said}; write it like {EXAMPLE}."


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _check_names(right: SimpleFormula, text: str, known: Sequence[str]) -> None:
    used: dict[str, None] = {}
    for term in right:
        for factor in term.factors:
            how = factor.eval_method.value
            if how == "lookup":
                used[factor.expr] = None
            elif how == "python":
                used |= dict.fromkeys(_names_in(factor.expr, text))
    for name in used:
        if name not in known:
            listed = ", ".join(map(repr, known))
            raise StatisticsError(
                f"formula {_short(_marked(text, name))!r} names {name!r}, which is not there; "
                f"allowed: {listed}.{did_you_mean(name, known)}"
            )


def _marked(text: str, name: str) -> str:
    return re.sub(rf"(?<!\w)`?{re.escape(name)}`?(?!\w)", f"»{name}«", text, count=1)


_NODES = (
    ast.Expression, ast.Call, ast.Name, ast.Load, ast.Constant, ast.BinOp, ast.UnaryOp, ast.keyword,
    ast.operator, ast.unaryop, ast.List, ast.Tuple,
)  # fmt: skip


def _names_in(expression: str, text: str) -> list[str]:
    """Return the variables of a call such as ``log(baseline)``; refuse what is no such thing."""
    quoted = re.findall("`([^`]*)`", expression)
    stand_ins = {f"quoted_{place}": name for place, name in enumerate(quoted)}
    bare = expression
    for place, name in enumerate(quoted):
        bare = bare.replace(f"`{name}`", f"quoted_{place}", 1)
    try:
        tree = ast.parse(bare, mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        raise StatisticsError(_unreadable(text, "")) from None
    called = {node.func.id for node in ast.walk(tree) if _is_plain_call(node)}  # type: ignore[attr-defined]
    is_plain = all(
        isinstance(node, _NODES) and (not isinstance(node, ast.Call) or _is_plain_call(node))
        for node in ast.walk(tree)
    )
    if not is_plain or not called <= set(FUNCTIONS):
        raise StatisticsError(
            f"formula {text!r} calls {expression!r}; allowed in a formula: sums and products of "
            f"variables, and {join_words(FUNCTIONS)}. Add what is wanted as a column of the "
            "participants table."
        )
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return [stand_ins.get(name, name) for name in dict.fromkeys(names) if name not in called]


def _is_plain_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
