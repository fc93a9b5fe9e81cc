"""Pages from templates; whatever they show is escaped."""

import functools
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from skyshield.app.first import first_view


@functools.cache
def _environment() -> Environment:
    made = Environment(loader=PackageLoader("skyshield.app"), autoescape=select_autoescape(default=True),
                       undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals["first_view"] = first_view
    return made


def page(template: str, content: Mapping[str, Any]) -> str:
    """Return a page."""
    return _environment().get_template(f"{template}.html.j2").render(content)
