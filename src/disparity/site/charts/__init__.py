"""Altair charts of published rows, as specifications that `rendering` draws at build time.

Each is laid out for two widths (`Layout`), and each of its marks says one line (`tips`). Every number that a chart
prints comes from the figures of the table beside it. Colours are the Analysis Function's; the meaning never rests on
colour alone: hollow points are small numbers or other forces, dashed bars are bounds, lines are named at their end,
what is missing says why.
"""
