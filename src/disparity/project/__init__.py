"""The project: what a `disparity.toml` asks for, and the starter project that `disparity init` writes.

In: a project file or settings from the command line. Out: checked settings, with every path resolved.
Touches: reads the project file; `starter` alone writes. Opens no record.
"""
