"""Does a difference hold under every assumption that can be named? Definitions, section 4.

`specifications` sets each comparison under each assumption, `statements` makes the one verdict and the one range of
it, `tipping` says how far an assumption would have to be wrong.
"""
