"""The words every room shares: codes and labels, months and periods, and the errors a user meets.

In: the reference tables in `reference/` (CSV, each with its source). Out: codes, labels, names, error classes.
Touches: reads its own reference tables; nothing else. Knows nothing of files of users, frames or pages.
"""
