"""Sentences on children: both rates first, in words that fit every group."""

from disparity.site.findings.children import explain_children, say_children_compared, state_children_by_group
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
        "of residents is used. The ratio of the two rates could lie anywhere from 0.2 to 0.7."
    ]


def test_that_too_few_were_searched_to_tell_is_said_where_only_a_very_large_difference_would_have_shown():
    """ "No clear difference" of twelve searches was read as no difference."""
    rows = [
        comparison_row("search_rate", "no clear difference", group, p_value=0.5, smallest_difference=smallest)
        for group, smallest in (("Asian", 1.8), ("Black", 42.1), ("Mixed", 6.0), ("Other", None))
    ]
    assert say_children_compared(evidence_of(children_comparisons=rows)) == (
        "The search rate of children showed no clear difference between the White group and the Asian, Black, Mixed "
        "and Other groups. Few children of the Black and Mixed groups were searched: only a very large difference "
        "would have shown."
    )


def test_the_example_of_method_works_out_a_share_and_a_rate_and_no_rate_where_no_children_are_known():
    """1,200 of 8,000 is 15%; 1,200 for 150,000 children is 8 for every 1,000."""
    share = rated("All", 0.15) | {"measure": "age_share", "numerator": 1_200, "denominator": 8_000}
    rate = rated("All", 8.0) | {"numerator": 1_200, "denominator": 150_000}
    first = "1,200 of 8,000 searches with an age on record are of children, which is 15.0%."
    assert plain(explain_children(evidence_of(children=[share]))) == first
    assert plain(explain_children(evidence_of(children=[share, rate]))) == (
        f"{first} 150,000 children live there, each counted for a year, so there are 8.0 searches for every 1,000 of "
        "them."
    )
