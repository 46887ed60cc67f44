"""The review of recorded grounds: finished forms of one or more reviewers, settled and counted.

What comes out holds no record number and no word of the grounds: tables of counts and shares.
"""
