"""The whole run, which reads like the flow: records → counts → estimates → pages.

In: settings of a project. Out: a site, a scrutiny pack, counts of a part, the result of a check, or frames to analyse.
Touches: all that the rooms above touch, in their order; holds no formula and no sentence of its own.
"""
