"""The findings: plain sentences, each with the rows of evidence behind it.

A difference is put into words only where the comparison's verdict states one. Both rates come before a
ratio, and the weakness of a figure is next to it. Nothing is called bias: a figure shows a
difference, not its cause.
"""
