"""What could lie behind a disparity, or make it look like one.

Scenario ranges and sampling intervals answer different questions and are never merged.
Definitions, section 4.
"""
