"""Sections of a page that another benchmark writes: between two markers, the rest left alone."""


def section_of(text: str, name: str) -> str:
    """Return what stands between the markers of a section; empty where there is none."""
    start, end = _markers(name)
    if start not in text or end not in text:
        return ""
    return text.split(start, 1)[1].split(end, 1)[0].strip()


def with_section(text: str, name: str, body: str) -> str:
    """Return the page with a section replaced, or put at its end where there is none."""
    start, end = _markers(name)
    whole = f"{start}\n\n{body.strip()}\n\n{end}"
    if start not in text or end not in text:
        return f"{text.rstrip()}\n\n{whole}\n" if body else text
    before, rest = text.split(start, 1)
    return f"{before}{whole}{rest.split(end, 1)[1]}"


def _markers(name: str) -> tuple[str, str]:
    return f"<!-- {name}: start -->", f"<!-- {name}: end -->"
