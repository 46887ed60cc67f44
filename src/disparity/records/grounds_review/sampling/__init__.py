"""A sample of a force's searches for the review of their recorded grounds: planned, drawn, and put into workbooks.

What it writes stays in the force: record numbers, and grounds as officers wrote them.
"""
