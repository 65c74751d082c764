"""Contents → Markdown, by the one template."""

from dataclasses import fields

from jinja2 import Environment, PackageLoader, StrictUndefined

from ketbio.report.contents import NO_CHECKS, Contents
from ketbio.report.markdown import Markdown, as_markdown

TEMPLATE = "report.md.j2"

_environment = Environment(
    loader=PackageLoader("ketbio.report", package_path=""),
    finalize=as_markdown,  # escapes whatever was not built as Markdown, whoever writes the template
    undefined=StrictUndefined,
    comment_start_string="{##",  # {# begins an identifier in Markdown
    comment_end_string="##}",
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # the text becomes Markdown here; pandoc escapes for HTML
)


def render_markdown(contents: Contents) -> Markdown:
    """Return a report as Markdown, for pandoc.

    Parameters
    ----------
    contents : Contents
        From `gather_contents`.

    Returns
    -------
    Markdown

    Examples
    --------
    >>> from ketbio.report.contents import gather_contents
    >>> from ketbio.result import Results
    >>> "# Summary" in render_markdown(gather_contents(Results(), {}))
    True
    """
    values = {field.name: getattr(contents, field.name) for field in fields(contents)}
    template = _environment.get_template(TEMPLATE)
    return Markdown(template.render(no_checks=NO_CHECKS, **values))
