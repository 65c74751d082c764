"""Templates → Markdown: in a sandbox, and refused in one sentence with file, line and word."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from types import TracebackType
from typing import Any

from jinja2 import (
    BaseLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    Undefined,
    nodes,
)
from jinja2.exceptions import SecurityError, TemplateRuntimeError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from ketbio.errors import ReportError, did_you_mean, unknown_word
from ketbio.report.markdown import as_markdown
from ketbio.report.template_files import NOTICES, TEMPLATE, TemplateText

INCLUDED = "_"
"""How the name of a template begins that gets variables from the one that includes it."""

LARGEST = 1_000_000
"""Number that a template may calculate with."""

MOST_TURNS = 100_000
"""So far may a report's templates count, all loops together."""

SEE_DOCS = "docs/report.md lists what a template is given."

BROKEN = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError,
          RecursionError, MemoryError)  # fmt: skip
"""What a template that can be read may still raise while it is filled."""


class _Unknown(StrictUndefined):
    """A word that means nothing here; it says so with the word that may have been meant."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        given, holder = self._undefined_name, self._undefined_obj
        if self._undefined_exception is SecurityError:
            return f"{given!r} reaches into Python, which a template may not. {SEE_DOCS}"
        if self._undefined_hint or holder is missing:
            return self._undefined_hint or f"{given!r} is not a variable. {SEE_DOCS}"
        if is_dataclass(holder):
            return unknown_word("what is asked for", given, [one.name for one in fields(holder)])
        return f"{given!r} is not there. {SEE_DOCS}"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox; a template may not make texts of millions of letters either."""

    intercepted_binops = frozenset({"*", "**"})

    def call(self, context: Any, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        for one in (*args, *kwargs.values()):
            if isinstance(one, int) and abs(one) > LARGEST:
                raise SecurityError(f"{one} is too large; numbers to {LARGEST:,} can be given.")
        return super().call(context, called, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        for one in (left, right):
            if not isinstance(one, int | float) or abs(one) > LARGEST:
                raise SecurityError(f"{operator!r} is for small numbers only.")
        return super().call_binop(context, operator, left, right)


class _Texts(BaseLoader):
    def __init__(self, texts: Mapping[str, TemplateText]) -> None:
        self.texts = texts

    def get_source(
        self,
        environment: Any,  # noqa: ARG002 - jinja's words
        template: str,
    ) -> tuple[str, str, Callable[[], bool] | None]:
        if template not in self.texts:
            raise TemplateNotFound(template)
        found = self.texts[template]
        return found.text, found.shown, None


def fill_templates(
    texts: Mapping[str, TemplateText], values: Mapping[str, Any], names: Mapping[str, Any]
) -> str:
    """Return the document that templates make of values.

    Parameters
    ----------
    texts : mapping of str to TemplateText
        From `read_templates`.
    values : mapping of str to Any
        What the templates are given.
    names : mapping of str to Any
        What they can call.

    Returns
    -------
    str
        Markdown; the notices first.

    Raises
    ------
    ReportError
        A word, a filter or a file that is not there, a fault of syntax, an attempt to reach Python.
    """
    environment = _environment(texts)
    given = {**values, **names}
    try:
        notices = environment.get_template(NOTICES).render(given)
        return notices + environment.get_template(TEMPLATE).render(given)
    except BROKEN as error:
        raise ReportError(_told(error, texts)) from error


def check_templates(texts: Mapping[str, TemplateText], names: Mapping[str, str]) -> None:
    """Refuse a user's templates that cannot be filled, whatever the results will be.

    Parameters
    ----------
    texts : mapping of str to TemplateText
        From `read_templates`.
    names : mapping of str to str
        What templates are given; only the keys are asked for.

    Raises
    ------
    ReportError
        The first fault, with its file and line.
    """
    environment = _environment(texts)
    for name, template in texts.items():
        if template.is_own:
            _check(environment, name, template, texts, names)


def _check(
    environment: _Sandbox,
    name: str,
    template: TemplateText,
    texts: Mapping[str, TemplateText],
    names: Mapping[str, str],
) -> None:
    try:
        tree = environment.parse(template.text, name, template.shown)
    except TemplateSyntaxError as error:
        message = (error.message or "it cannot be read").rstrip(".")
        raise ReportError(f"{template.shown}, line {error.lineno}: {message}.") from None
    for look in (_filters, _reaching, _included):
        look(environment, template, tree, texts)
    if not name.startswith(INCLUDED):
        for word in sorted(find_undeclared_variables(tree) - set(names) - set(environment.globals)):
            line = next(one.lineno for one in tree.find_all(nodes.Name) if one.name == word)
            near = did_you_mean(word, names)
            said = f"{word!r} is not a variable of the report.{near} {SEE_DOCS}"
            _refuse(template, line, said)


def _filters(
    environment: _Sandbox,
    template: TemplateText,
    tree: nodes.Template,
    _texts: Mapping[str, TemplateText],
) -> None:
    known: dict[str, tuple[type[nodes.Filter | nodes.Test], Mapping[str, object]]] = {
        "filter": (nodes.Filter, environment.filters),
        "test": (nodes.Test, environment.tests),
    }
    for kind, (type_, words) in known.items():
        for node in tree.find_all(type_):
            if node.name not in words:
                near = did_you_mean(node.name, words)
                said = f"there is no {kind} {node.name!r}.{near} {SEE_DOCS}"
                _refuse(template, node.lineno, said)


def _reaching(
    _environment: _Sandbox,
    template: TemplateText,
    tree: nodes.Template,
    _texts: Mapping[str, TemplateText],
) -> None:
    for node in tree.find_all(nodes.Getattr):
        if node.attr.startswith("_"):
            said = f"{node.attr!r} reaches into Python, which a template may not. {SEE_DOCS}"
            _refuse(template, node.lineno, said)


def _included(
    _environment: _Sandbox,
    template: TemplateText,
    tree: nodes.Template,
    texts: Mapping[str, TemplateText],
) -> None:
    kinds = (nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)
    for node in (found for kind in kinds for found in tree.find_all(kind)):
        wanted: nodes.Expr = node.template  # type: ignore[attr-defined]  # each of the four has it
        if isinstance(wanted, nodes.Const) and wanted.value not in texts:
            said = unknown_word("the file to take in", wanted.value, _files(texts))
            _refuse(template, node.lineno, said)


def _files(texts: Mapping[str, TemplateText]) -> list[str]:
    """Return the files that a template can take in, in order."""
    return sorted(name for name in texts if name not in (NOTICES, TEMPLATE))


def _refuse(template: TemplateText, line: int, sentence: str) -> None:
    raise ReportError(f"{template.shown}, line {line}: {sentence}")


def _environment(texts: Mapping[str, TemplateText]) -> _Sandbox:
    environment = _Sandbox(
        loader=_Texts(texts),
        finalize=_printed,
        undefined=_Unknown,
        comment_start_string="{##",  # {# begins an identifier in Markdown
        comment_end_string="##}",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the text becomes Markdown here; pandoc escapes for HTML
    )
    del environment.globals["lipsum"]
    del environment.filters["random"]  # the same input gives the same report
    environment.globals["range"] = _counted_range()
    return environment


def _printed(value: object) -> str:
    """Escape whatever was not built as Markdown, whoever writes it; refuse what is no text."""
    if value is None or isinstance(value, str | int | float | Undefined):
        return as_markdown(value)
    parts = ", ".join(repr(one.name) for one in fields(value)) if is_dataclass(value) else ""
    what = f"something with the parts {parts}" if parts else f"a {type(value).__name__}"
    raise TemplateRuntimeError(f"what stands in double braces is {what}, not text. {SEE_DOCS}")


def _counted_range() -> Callable[..., range]:
    """Return ``range`` for one report: loops in loops come to an end."""
    left = [MOST_TURNS]

    def counted(*given: int) -> range:
        turns = range(*given)
        left[0] -= len(turns)
        if left[0] < 0:
            raise SecurityError(f"range() counts to {MOST_TURNS:,} in a report at most.")
        return turns

    return counted


def _told(error: BaseException, texts: Mapping[str, TemplateText]) -> str:
    """Return the one sentence of what went wrong while templates were filled."""
    place = _place(error.__traceback__, {one.shown for one in texts.values()})
    if isinstance(error, TemplateNotFound):
        return f"{place}: {unknown_word('the file to take in', error.name, _files(texts))}"
    if isinstance(error, RecursionError):
        return f"{place}: the file takes itself in; leave that out."
    said = str(error) or "a text would grow too large"
    return f"{place}: {said}" if said.endswith((".", "?")) else f"{place}: {said}."


def _place(traceback: TracebackType | None, shown: set[str]) -> str:
    place = "the report's template"
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file in shown:
            place = f"{file}, line {traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
