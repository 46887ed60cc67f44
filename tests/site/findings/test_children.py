"""Sentences on children: both rates first, in words that fit every group."""

from disparity.site.findings.children import state_children_by_group
from disparity.site.published_figures import plain
from disparity.vocabulary.codes import CHILDREN
from support.findings import comparison_row, evidence_of


def rated(group, value):
    key = {"measure": "search_rate", "age_band": CHILDREN, "ethnic_group": group, "search_type": "All"}
    return key | {"value": value, "status": "measured", "ethnicity_basis": "self-defined"}


def test_children_of_a_group_are_named_as_its_residents_are_and_a_range_on_one_side_is_not_called_open():
    """ "Other children" was read as all children that are left over."""
    depends = comparison_row(
        "search_rate", "depends", "Other", p_value=0.003, range_lower=0.19, range_upper=0.71, depends_on="census"
    )
    evidence = evidence_of(children=[rated("Other", 5.04), rated("White", 14.26)], children_comparisons=[depends])
    assert [plain(sentence) for _, _, sentence in state_children_by_group(evidence)] == [
        "For every thousand children from the Other ethnic group there were 5.0 searches a year, and for every "
        "thousand White children 14.3. Every plausible count points the same way, but it still depends on which count "
        "of residents is used."
    ]
