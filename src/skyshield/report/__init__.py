"""The report: the only room that draws. Figures, map, tables and the two pages that hold them."""

from skyshield.report.pages import Pages, pages

__all__ = ["Pages", "pages"]
