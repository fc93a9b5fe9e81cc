"""The report: the only room that draws. Figures, map, tables and the two pages that hold them."""
