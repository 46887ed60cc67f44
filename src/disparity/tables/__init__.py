"""The published tables: their schema, and every form they are published in.

In: frames of `analysis`. Out: the CSV files of `data/`, the data package, the spreadsheet, provenance, the list of
editions and what was revised since the one before. Touches: reads an earlier site; `site` writes what is made here.
"""
