"""The review of recorded grounds: finished forms of one or more reviewers, settled and counted.

What comes out holds no record number and no word of the grounds: tables of counts and shares.
"""

from disparity.review.answers import read_answers
from disparity.review.folder import write_review
from disparity.review.settle import settle
from disparity.review.shares import REVIEW_TYPES, measure_review

__all__ = ["REVIEW_TYPES", "measure_review", "read_answers", "settle", "write_review"]
