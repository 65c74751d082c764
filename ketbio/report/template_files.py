"""The texts of a report's templates: our own, and a user's in their place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ketbio.errors import ReportError
from ketbio.study import ReportPlan
from ketbio.study.plan import SECTION_FILE

TEMPLATE = f"report{SECTION_FILE}"
"""The document around the sections."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
"""What neither XML nor a reader can do anything with."""

NOTICES = f"_notices{SECTION_FILE}"
"""What stands first whatever is chosen; no file of a user takes its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateText:
    """One template.

    Attributes
    ----------
    text : str
    shown : str
        How a refusal names its file.
    is_own : bool
        Whether it is a user's.
    """

    text: str
    shown: str
    is_own: bool = False


def read_templates(plan: ReportPlan | None) -> dict[str, TemplateText]:
    """Return every template by its name, a user's in the place of ours.

    Parameters
    ----------
    plan : ReportPlan or None
        It names the user's template and folder of partials; None where only results are told.

    Returns
    -------
    dict of str to TemplateText

    Raises
    ------
    ReportError
        A file cannot be read, is not UTF-8, or would replace the notices.

    Examples
    --------
    >>> read_templates(None)["summary.md.j2"].text[:9]
    '# Summary'
    """
    texts = dict(_packaged())
    if plan is not None and plan.partials is not None:
        for path in sorted(plan.partials.glob(f"*{SECTION_FILE}")):
            if path.name == NOTICES:
                raise ReportError(
                    f"{plan.partials.name}/{NOTICES} would replace the notices that stand on every "
                    "report (simulated data, safety); give the file another name."
                )
            texts[path.name] = _own(path, f"{plan.partials.name}/{path.name}")
    if plan is not None and plan.template is not None:
        texts[TEMPLATE] = _own(plan.template, plan.template.name)
    return texts


def _packaged() -> Iterator[tuple[str, TemplateText]]:
    package = files("ketbio.report")
    for file in (package / TEMPLATE, *(package / "sections").iterdir()):
        if file.name.endswith(SECTION_FILE):
            text = file.read_text(encoding="utf-8")
            yield file.name, TemplateText(text=text, shown=f"ketbio's {file.name}")


def _own(path: Path, shown: str) -> TemplateText:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReportError(
            f"{shown} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from None
    except OSError as error:
        raise ReportError(f"{shown} cannot be read: {error.strerror}.") from None
    if found := CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ReportError(
            f"{shown}, line {line}: holds the control character U+{ord(found[0]):04X}, which no "
            "document may hold; take it out."
        )
    return TemplateText(text=text, shown=shown, is_own=True)
