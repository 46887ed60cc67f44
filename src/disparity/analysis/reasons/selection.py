"""Force used in searches, if some of them would not have been made of a White person: what if, and no finding."""

import polars as pl

from disparity.analysis.reasons.rows import REASON_COLUMNS, list_reasons
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, REFERENCE_GROUP, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED

FORCE_GIVEN_SEARCH, FORCE_USED = "force_given_search", "force_used_rate"
# Component → rho. Nobody knows it: these are tried.
TRIED = {"none": 0.0, "one_in_ten": 0.1, "one_in_four": 0.25, "half": 0.5}
SPAN = ["force", "period_from", "period_to"]


def bound_selection(estimates: pl.DataFrame) -> pl.DataFrame:
    """Say how much more often force would be used of a group, for each share of its searches that hangs on ethnicity.

    effect = b - (1 - rho) w, with b and w the shares of searches of the group and of White people in which force was
    used, and rho the share of the group's searches that would not have been made of a White person. It is the share
    of the group's searches in which force was used and would not have been, had the person been White: without a search
    there is no force. It lies between b - w (no search hangs on ethnicity) and b (all do).

    It is taken that whoever was searched as White would have been searched as one of the group as well, and that
    searches made either way are alike in all else. No chance is in it.

    Args:
        estimates: as published, with force used.

    Returns:
        REASON_COLUMNS, a row for each group and component of TRIED, where both shares are measured: a difference of
        shares, neutral value 0.

    Source: Knox, Lowe and Mummolo (2020), Administrative records mask racially biased policing.
    """
    own = estimates.filter(measure=FORCE_USED, ethnicity_basis=SELF_DEFINED, search_type=ALL, status=MEASURED)
    white = own.filter(ethnic_group=REFERENCE_GROUP).select(*SPAN, reference="value")
    groups = own.filter(pl.col("ethnic_group").is_in(ETHNIC_GROUPS), pl.col("ethnic_group") != REFERENCE_GROUP)
    shares = groups.join(white, on=SPAN, maintain_order="left")
    tables = [
        shares.with_columns(
            analysis=pl.lit(FORCE_GIVEN_SEARCH),
            component=pl.lit(component),
            reference_group=pl.lit(REFERENCE_GROUP),
            value=pl.col("value") - (1 - share) * pl.col("reference"),
            note=pl.lit(
                f"what if {component.replace('_', ' ')} of the group's searches would not have been made of a White "
                "person: share of them in which force was used that would not have been used; no finding"
            ),
        ).drop("lower", "upper")
        for component, share in TRIED.items()
    ]
    return list_reasons(pl.concat(tables)).select(REASON_COLUMNS)
