"""A brief's blocks as plain data, as the templates of every format read them."""

from typing import Any

from skyshield.report.brief.document import Block, Chart, Grid, Heading, Items, Text
from skyshield.report.brief.traced import Said


def plain_block(block: Block) -> dict[str, Any]:
    """Return a block as plain data; a chart without its picture, which each format draws in its own way."""
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text.text}
    if isinstance(block, Text):
        return {"kind": "text", "text": block.text.text, "style": block.style}
    if isinstance(block, Items):
        return {"kind": "items", "items": [[one.text, other.text] for one, other in block.items]}
    if isinstance(block, Chart):
        return {"kind": "chart", "title": block.title.text, "measure": block.measure.text, "note": block.note.text,
                "description": block.description.text}
    if isinstance(block, Grid):
        return {"kind": "grid", "title": block.title.text, "head": [one.text for one in block.head],
                "rows": [[_cell(cell) for cell in row] for row in block.rows], "widths": list(block.widths),
                "note": block.note.text, "words": block.words}
    return {"kind": "beside", "left": [plain_block(one) for one in block.left],
            "right": [plain_block(one) for one in block.right], "share": block.share}


def _cell(cell: tuple[Said, Said]) -> list[str]:
    return [part.text for part in cell]
