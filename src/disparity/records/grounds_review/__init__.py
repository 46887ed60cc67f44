"""The review of recorded grounds: a sample of searches for reviewers, and what their answers come to.

`sampling` plans and draws the sample and writes forms (they stay in the force); `reviewing` reads the finished forms
and gives counts and shares, which hold no record number and no word of the grounds.
"""
