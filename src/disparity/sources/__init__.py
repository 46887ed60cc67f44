"""Publishers' files as raw rows: every value text, each with its file and row.

In: monthly files, archives, Home Office tables, a force's own extract, population tables. Out: raw rows, or the error
that names file, line and column. Touches: reads; `download` alone uses the network and writes what it fetched.
"""
