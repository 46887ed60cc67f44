"""How often the toolkit is right: draws from known truths, and what it says of them.

Coverage of intervals, statements of differences that are not there, power, and the error of every way of
treating unknown ethnicity. The result is a published table, and the method page shows it.
"""
