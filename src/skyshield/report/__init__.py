"""The report: the only room that draws. Figures, map, tables and the page that holds them."""

from skyshield.report.page import page

__all__ = ["page"]
