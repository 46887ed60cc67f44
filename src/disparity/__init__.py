"""Stop-and-search disparity analysis: search records → counts → estimates → pages."""

__version__ = "0.1.0"
