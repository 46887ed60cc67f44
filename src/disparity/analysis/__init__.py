"""Counts become estimates, comparisons, reasons, comparisons with peers, control charts and effects of actions.

In: what `disclosure` lets through, residents, the project's declarations. Out: frames with one row a figure, each
with its interval, its gate and its verdict. Touches: reads the register of actions; otherwise pure. `calibration`
measures how often all this is right; `threshold_test` is a research command, no part of a site.
"""
