"""The measures: rates with their interval, their bounds and how far the evidence carries them.

A measure is one entry of MEASURES; adding one adds it to every table, page and download.
Definitions, section 3.
"""
