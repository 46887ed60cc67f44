"""Raw rows become coded searches, the audit of the submissions, and one small additive table of counts.

In: raw rows of `sources`. Out: counts and audit tables; rows that were excluded or rejected, each with its reason.
Touches: reads records and expectation suites; keeps counts of parts in a folder. This is the last room that sees a
search: all that follows works on counts. `grounds_review` reads grounds of searches, and hands on counts alone.
"""
