"""What a study is taken away as: tables, a workbook, a data package, shapes, a document, slides, a notebook.

`tables` makes every table once; each format writes the same ones. `formats` says which ending is which format.
"""
