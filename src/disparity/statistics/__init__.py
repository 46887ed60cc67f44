"""Numbers in, numbers out: intervals, tests, standardisation, pooling, control limits, vectorised.

In: arrays of counts and shares. Out: arrays. Each function says its formula and source.
Touches nothing: no files, no clock, no search, no ethnic group; random draws only from a seed it is given.
"""
