r"""Tables as LaTeX for ``\input``: plain LaTeX with booktabs, every special letter escaped."""

from collections.abc import Sequence

from ketbio.report.tables.table import Cell, Column, Row, Span, Table

HEAD = r"""% Tables written by ketbio, one table environment each, for \input.
% In the preamble: \usepackage{booktabs}. Letters beyond Latin and Greek need XeLaTeX or LuaLaTeX.
"""
_ALIGN = {"left": "l", "right": "r", "center": "c"}
_SPECIALS = {
    "\\": r"\textbackslash{}",
    **{letter: f"\\{letter}" for letter in "$%&_#{}"},
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    # brackets first in a cell would be read as an option of \\
    "[": "{[}",
    "]": "{]}",
}
_SYMBOLS = {
    "−": r"$-$", "–": "--", "—": "---", "×": r"$\times$", "÷": r"$\div$", "±": r"$\pm$",
    "≤": r"$\leq$", "≥": r"$\geq$", "≠": r"$\neq$", "≈": r"$\approx$", "∞": r"$\infty$",
    "√": r"$\surd$", "→": r"$\rightarrow$", "·": r"$\cdot$", "°": r"$^{\circ}$", "…": r"\ldots{}",
    "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}", "\u00a0": "~", "\u2009": r"\,",
    "\u202f": r"\,", "‘": "`", "’": "'", "“": "``", "”": "''",
    "α": r"$\alpha$", "β": r"$\beta$", "γ": r"$\gamma$", "δ": r"$\delta$", "ε": r"$\varepsilon$",
    "η": r"$\eta$", "κ": r"$\kappa$", "λ": r"$\lambda$", "μ": r"$\mu$", "µ": r"$\mu$",
    "ρ": r"$\rho$", "σ": r"$\sigma$", "τ": r"$\tau$", "φ": r"$\varphi$", "χ": r"$\chi$",
    "ω": r"$\omega$", "Δ": r"$\Delta$", "Σ": r"$\Sigma$", "Φ": r"$\Phi$", "Ω": r"$\Omega$",
}  # fmt: skip
"""What pdfLaTeX does not know by itself in UTF-8."""
_ESCAPES = str.maketrans(_SPECIALS | _SYMBOLS)


def to_latex(tables: Sequence[Table]) -> bytes:
    r"""Return the tables as ``table`` environments, without a preamble.

    Parameters
    ----------
    tables : sequence of Table

    Returns
    -------
    bytes
    """
    return "\n".join([HEAD, *(_environment(table) for table in tables)]).encode()


def escape_latex(text: str) -> str:
    r"""Return text that LaTeX shows letter by letter.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> print(escape_latex("50% of BDNF_serum −1.2"))
    50\% of BDNF\_serum $-$1.2
    """
    return text.translate(_ESCAPES)


def _environment(table: Table) -> str:
    columns = "".join(_ALIGN[column.align] for column in table.columns)
    lines = [
        r"\begin{table}[htbp]",
        r"\centering\small",
        rf"\caption{{{escape_latex(table.title)}}}",
        rf"\label{{tab:{table.name}}}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        *_spanners(table),
        " & ".join(_heading(table, column) for column in table.columns) + r" \\",
        r"\midrule",
        *(_row(table, row) for row in table.rows),
        r"\bottomrule",
        r"\end{tabular}",
        *_notes(table),
        r"\end{table}",
        "",
    ]
    return "\n".join(lines)


def _spanners(table: Table) -> list[str]:
    spans = table.spans
    if not spans:
        return []
    rules = [rf"\cmidrule(lr){{{one.first + 1}-{one.last + 1}}}" for one in spans if one.text]
    return [" & ".join(map(_spanner, spans)) + r" \\", "".join(rules)]


def _spanner(span: Span) -> str:
    if not span.text:
        return ""
    return rf"\multicolumn{{{span.last - span.first + 1}}}{{c}}{{{escape_latex(span.text)}}}"


def _heading(table: Table, column: Column) -> str:
    return f"{escape_latex(column.heading)}{_marks(table.marks(column.notes))}"


def _row(table: Table, row: Row) -> str:
    first, *others = row.cells
    indent = r"\quad " * row.level
    if row.is_heading:
        words = f"{indent}\\textbf{{{_cell(table, first)}}}"
        return rf"\multicolumn{{{len(row.cells)}}}{{l}}{{{words}}} \\"
    # an empty group keeps \\ of the row above from reading a star or a bracket as its option
    cells = [f"{{}}{indent}{_cell(table, first)}", *(_cell(table, cell) for cell in others)]
    return " & ".join(cells) + r" \\"


def _cell(table: Table, cell: Cell) -> str:
    return f"{escape_latex(cell.text)}{_marks(table.marks(cell.notes))}"


def _marks(marks: str) -> str:
    return rf"\textsuperscript{{{marks}}}" if marks else ""


def _notes(table: Table) -> list[str]:
    lettered = [f"{_marks(mark)} {escape_latex(words)}" for mark, words in table.footnotes]
    lines = [*(escape_latex(note) for note in table.notes), *lettered]
    if not lines:
        return []
    body = "\\par\n".join(lines)
    return [rf"\par\smallskip\begin{{minipage}}{{\linewidth}}\footnotesize {body}\end{{minipage}}"]
