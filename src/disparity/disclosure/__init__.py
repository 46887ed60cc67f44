"""What may be published of the counts: all of them, or protected counts with the proof that nobody can be singled out.

In: exact counts. Out: open counts, or protected counts and the proof (plan, protect, prove: docs/disclosure.md).
Touches: reads and writes the ledger of earlier editions. After this room nothing can reach the exact counts.
"""
