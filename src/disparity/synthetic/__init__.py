"""Synthetic records with known truth: fictional forces in the layout of data.police.uk.

In: a seed and how much to make. Out: monthly files, an extract, residents, outlines and the truth they were drawn from.
Touches: writes to the folder it is given. Knows the codes, and nothing of how records are read or counted.
"""
