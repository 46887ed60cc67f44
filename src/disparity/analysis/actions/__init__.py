"""Explain or reform: what a force says of its disparities, what it does, and what changed since."""
