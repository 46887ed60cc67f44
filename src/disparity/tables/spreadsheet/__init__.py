"""The published tables as one accessible spreadsheet (ODS), to the Analysis Function's rules for spreadsheets.

A cover, contents and notes; one table a sheet, named and marked up, with one header row; nothing merged, blank,
hidden, filtered or coloured; no formula, comment or author. The same tables give the same bytes.
"""
