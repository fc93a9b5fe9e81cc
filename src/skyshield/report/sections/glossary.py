"""The words that the pages use in a meaning of their own."""

from typing import Any

from skyshield.report.glossary import anchor, glossary
from skyshield.report.reading import Reading


def make(_reading: Reading) -> dict[str, Any]:
    """Return the terms with their anchors and meanings."""
    return {"terms": [(anchor(term), term, meaning) for term, meaning in glossary().items()]}
