"""Loaded before anything else: what is slow to load and never used counts as not installed, as in our own commands."""

from disparity.vocabulary.helper_process import leave_out_unused

leave_out_unused()
