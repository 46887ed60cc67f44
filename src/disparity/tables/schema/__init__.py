"""The published tables, each fact about them once: what all that writes, describes or attacks them reads."""
