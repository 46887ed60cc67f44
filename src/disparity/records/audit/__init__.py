"""The audit of submissions: what was sent, what is blank, what no label table knows, what adds up.

The expectation suites and the data-quality page read these tables, never the records.
"""
