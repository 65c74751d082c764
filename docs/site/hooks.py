"""What mkdocs does with a page beyond its plugins."""

import re
from typing import Any

_CHOICES = re.compile(r"<code>\([^<]* - [^<]*\)</code>")


def on_page_content(html: str, **_: Any) -> str:
    """Mend the choices of a parameter: "two-sided" is read as the difference of two names."""
    return _CHOICES.sub(lambda match: match[0].replace(" - ", "-"), html)
