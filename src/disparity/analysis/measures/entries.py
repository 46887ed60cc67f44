"""The measures as data: one entry each."""

from dataclasses import dataclass

import polars as pl

from disparity.disclosure.protect import MOST_SUPPRESSED
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, EVERY_GROUP, UNKNOWN_GROUPS

ROW_KEYS = ["measure", *PERIOD_KEYS, "ethnic_group", "search_type"]
ESTIMATE_COLUMNS = [
    *ROW_KEYS,
    *("numerator", "denominator", "unknown", "value", "lower", "upper", "lower_bound", "upper_bound"),
    *("interval_method", "status"),
]


# What a restricted publication can hold of a measure: its plan has the counts of no more (`disclosure.plan`).
OVERALL, BY_TYPE, BY_OFFICER, BY_MONTH = "overall", "by type", "by officer-defined ethnicity", "by month"


@dataclass(frozen=True)
class Measure:
    """A rate: what is counted, out of what, which recorded fields it needs, and where it is shown.

    `numerator`, `denominator` and `unknown` are expressions over the counts of a cell; `coverages` are
    (recorded, all) pairs: the gate takes the worst of them. `resolved` is the value of a partial rate.
    """

    name: str
    title: str
    definition: str
    numerator: pl.Expr
    denominator: pl.Expr
    unit: str = "share"
    groups: tuple[str, ...] = EVERY_GROUP
    unknown: pl.Expr | None = None
    coverages: tuple[tuple[pl.Expr, pl.Expr], ...] = ()
    resolved: pl.Expr | None = None
    whole: pl.Expr = pl.col("searches")  # noqa: RUF009  what the bounds are out of
    counted: str = "Searches"  # what the numerator counts, as the head of a column
    sentence: str = ""  # both shares of a stated difference, where there is a better sentence than `say_both`
    is_compared: bool = True  # group by group; the register of actions may have an entry on it
    is_stated: bool = True  # whether a clear difference is put into words
    is_result: bool = True  # something that a search led to
    is_of_flag: bool = False  # made of the linked flag: a type of search that does not use it says nothing
    is_of_types: bool = False  # over all types of search together it is 1 by definition
    is_by_month: bool = True  # in the table of months
    is_explored: bool = True  # offered on Compare
    restricted: tuple[str, ...] = (OVERALL,)  # what of it a restricted publication holds

    @property
    def is_per_residents(self) -> bool:
        """Whether it is a rate per 1,000 residents a year, and no share."""
        return self.unit == PER_RESIDENTS

    @property
    def unit_in_words(self) -> str:
        """Its unit after a printed value: a percentage has its own."""
        return f" {self.unit}" if self.is_per_residents else ""

    @property
    def noun(self) -> str:
        """Its name within a sentence."""
        return self.title.lower()

    def say_both(self, people: str) -> str:
        """Words that two shares are put into: of searches of a group, and of searches of White people."""
        sentence = self.sentence or f"The {self.noun} was {{}} in searches of %s and {{}} in searches of White people"
        return sentence % people


PER_RESIDENTS = "per 1,000 residents a year"
_n = pl.col("searches")
_found, _known = pl.col("found"), pl.col("known")
_blank_flag = pl.col("unknown_after_action")
_find_coverages = (
    # A count that is suppressed is taken so that the coverage is at its lowest.
    (pl.col("actions") - _blank_flag.fill_null(MOST_SUPPRESSED), pl.col("actions")),
    (_known + _blank_flag.fill_null(0), _n),
)
# What could be finds as well, of which nobody knows what followed.
_unknown_finds = _n - _known + pl.col("unlinked") + _found - pl.col("found_outcomes")
# Where no record says that an item was found, any search without an action could be a find.
_unstated_finds = (
    _n
    - _known
    + _found
    - pl.col("stated_outcomes")
    + pl.when(pl.col("stated_outcomes") == 0).then("not_found").otherwise(0)
)

MEASURES = (
    Measure(
        name="search_rate",
        title="Search rate",
        unit=PER_RESIDENTS,
        definition="Searches of a person, for every 1,000 residents of that ethnic group, a year.",
        numerator=_n,
        denominator=pl.col("resident_years") / 1_000,
        groups=(ALL, *ETHNIC_GROUPS),
        is_result=False,
        restricted=(OVERALL, BY_TYPE, BY_OFFICER, BY_MONTH),
    ),
    Measure(
        name="find_rate",
        title="Find rate",
        definition="Searches after which an action was taken that the record links to the object searched for, "
        "of all searches whose record says so or not.",
        numerator=_found,
        denominator=_known,
        unknown=_n - _known + pl.col("unlinked"),
        coverages=_find_coverages,
        # A blank flag hides only actions, so found / known would be too low: actions without a flag are
        # resolved like those with one.
        resolved=(
            _found
            + pl.when(_blank_flag > 0)
            .then(_blank_flag * _found / (_found + pl.col("not_found_after_action")))
            .otherwise(0)
        )
        / (_known + _blank_flag),
        counted="Finds",
        is_of_flag=True,
        restricted=(OVERALL, BY_TYPE, BY_OFFICER, BY_MONTH),
    ),
    Measure(
        name="arrest_rate",
        title="Arrest rate",
        definition="Searches that ended in arrest, of searches with an outcome recorded.",
        numerator=pl.col("arrests"),
        denominator=pl.col("outcomes"),
        unknown=_n - pl.col("outcomes"),
        coverages=((pl.col("outcomes"), _n),),
        counted="Arrests",
        sentence="Arrest followed {} of searches of %s and {} of searches of White people",
    ),
    Measure(
        name="action_rate",
        title="Action rate",
        definition="Searches with any outcome but no further action, of searches with an outcome recorded.",
        numerator=pl.col("actions"),
        denominator=pl.col("outcomes"),
        unknown=_n - pl.col("outcomes"),
        coverages=((pl.col("outcomes"), _n),),
        counted="Actions",
        is_stated=False,
    ),
    Measure(
        name="clothing_removed_rate",
        title="Rate of searches beyond outer clothing",
        definition="Searches in which more than outer clothing was removed, of searches that record it.",
        numerator=pl.col("clothing_removed"),
        denominator=pl.col("clothing_recorded"),
        unknown=_n - pl.col("clothing_recorded"),
        coverages=((pl.col("clothing_recorded"), _n),),
        counted="Beyond outer clothing",
        sentence="More than outer clothing was removed in {} of searches of %s and {} of searches of White people",
        is_by_month=False,
        restricted=(),
    ),
    *(
        Measure(
            name=f"{result}_after_find_rate",
            title=f"{result.capitalize()} rate after a find",
            definition=definition,
            numerator=counted,
            denominator=of,
            unknown=unknown,
            coverages=(*_find_coverages, (of, _found)),
            whole=of + unknown,
            counted=f"{result.capitalize()}s after a find",
            sentence=f"After a find, {what} followed {{}} of searches of %s and {{}} of searches of White people",
            is_of_flag=True,
            is_by_month=False,
            restricted=(),
        )
        for result, what, definition, counted, of, unknown in (
            (
                *("arrest", "arrest"),
                "Searches that found the item and ended in arrest, of those that found it, with an outcome recorded.",
                *(pl.col("found_arrests"), pl.col("found_outcomes"), _unknown_finds),
            ),
            (
                *("action", "some action"),
                "Searches whose record itself says that the item was found, with any outcome but no further action, of "
                "those with an outcome recorded. Where a find is told by its outcome alone, all of them have one.",
                *(pl.col("stated_actions"), pl.col("stated_outcomes"), _unstated_finds),
            ),
        )
    ),
    Measure(
        name="type_share",
        title="Share of the group's searches",
        definition="Searches of a type, of all searches of the group.",
        numerator=_n,
        denominator=pl.col("searches_of_group"),
        # A drug search that does not say possession or supply could have been either.
        unknown=pl.when(pl.col("search_type").is_in(["drugs_possession", "drugs_supply"])).then(
            pl.col("unseparated_of_group")
        ),
        whole=pl.col("searches_of_group"),
        is_stated=False,
        is_result=False,
        is_of_types=True,
        is_by_month=False,
        restricted=(OVERALL, BY_TYPE),
    ),
    Measure(
        name="search_share",
        title="Share of all searches",
        definition="Searches of the group, of searches with known ethnicity.",
        numerator=_n,
        denominator=pl.col("searches_known"),
        groups=ETHNIC_GROUPS,
        is_compared=False,
        is_result=False,
        is_by_month=False,
        restricted=(OVERALL, BY_OFFICER),
    ),
    Measure(
        name="unknown_ethnicity_share",
        title="Unknown ethnicity",
        definition="Searches of people whose ethnicity is not stated or not recorded, of all searches.",
        numerator=pl.when(pl.col("ethnic_group") == ALL).then(pl.col("searches_unknown")).otherwise(_n),
        denominator=pl.col("searches_of_all"),
        groups=(ALL, *UNKNOWN_GROUPS),
        is_compared=False,
        is_result=False,
        is_explored=False,  # of all searches, whatever the ethnic group: it is on the data-quality page
        restricted=(OVERALL, BY_OFFICER),
    ),
)

_told, _asked = pl.col("clothing_removed"), pl.col("clothing_recorded")
# What only an extract tells, counted in the place of the flag for clothing (`records.told`): name, title, what is
# counted, out of what, the head of its column, and both shares of a stated difference.
TOLD_MEASURES = tuple(
    Measure(
        name=f"{name}_rate",
        title=title,
        definition=f"{what}, of {of}.",
        numerator=_told,
        denominator=_asked,
        unknown=_n - _asked,
        coverages=((_asked, _n),),
        counted=counted,
        sentence=sentence,
        is_by_month=False,
        is_explored=False,
        restricted=(),
    )
    for name, title, what, of, counted, sentence in (
        (
            *("force_used", "Rate of force used", "Searches in which force was used", "searches that record it"),
            *("Force used", "Force was used in {} of searches of %s and {} of searches of White people"),
        ),
        (
            *("handcuffed", "Rate of handcuffing", "Searches in which handcuffs were used", "searches that record it"),
            *("Handcuffed", "Handcuffs were used in {} of searches of %s and {} of searches of White people"),
        ),
        (
            *("video_on", "Rate of filmed searches", "Searches during which body-worn video was on"),
            *("searches that record it", "Filmed"),
            "Body-worn video was on in {} of searches of %s and {} of searches of White people",
        ),
        (
            *("intimate_parts", "Rate of searches exposing intimate parts", "Searches that exposed intimate parts"),
            *("searches that record how far clothing was removed", "Intimate parts exposed"),
            "Intimate parts were exposed in {} of searches of %s and {} of searches of White people",
        ),
        (
            *("detained", "Rate of arrests leading to custody", "Arrests after a search that led to custody"),
            *("arrests that record it", "Led to custody"),
            "Custody followed {} of arrests after searches of %s and {} of those after searches of White people",
        ),
    )
)
_of_group, _recorded = pl.col("searches_of_group"), pl.col("recorded_of_group")
# Shares of searches by what only some forces record or state (`measures.breakdowns`).
ORIGIN_SHARE, ITEM_FOUND_SHARE, FORCE_KIND_SHARE = (
    Measure(
        name=name,
        title=title,
        definition=f"Searches {what}, of searches that say so.",
        numerator=_n,
        denominator=_recorded,
        unknown=_of_group - _recorded,
        coverages=((_recorded, _of_group),),
        whole=_of_group,
        is_compared=False,
    )
    for name, title, what in (
        ("origin_share", "Share by what led to the search", "that one origin led to"),
        ("item_found_share", "Share by what was found", "in which one kind of item was found, or nothing"),
        ("force_kind_share", "Share by kind of force", "in which one kind of force was used, or none"),
    )
)
ALIGNED_SHARE = Measure(
    name="aligned_share",
    title="Share under a stated priority",
    definition="Searches of a type, in a month and area, that a stated priority names, of all searches.",
    numerator=pl.col("aligned"),
    denominator=_n,
    unknown=pl.col("undecided"),
    coverages=((_n - pl.col("undecided"), _n),),
    # Searches that do not say which type or area are not like those that do: bounds only.
    resolved=pl.lit(None, pl.Float64),
    is_compared=False,
)
# Where an extract tells persons apart (`analysis.repeats`); in an internal publication alone.
REPEAT_SHARE = Measure(
    name="repeat_search_share",
    title="Share of searches of people searched before",
    definition="Searches of people searched before in the period, of searches whose record says who it was.",
    numerator=pl.col("repeats"),
    denominator=pl.col("told"),
    unknown=_n - pl.col("told"),
    is_compared=False,
)
FREQUENT_SHARE = Measure(
    name="searched_five_times_share",
    title="Share of people searched five times or more",
    definition="People searched five times or more in the period, of all people in these records.",
    numerator=pl.col("frequent"),
    denominator=pl.col("persons"),
    is_compared=False,
)
BREAKDOWN_MEASURES = (ORIGIN_SHARE, ITEM_FOUND_SHARE, FORCE_KIND_SHARE, ALIGNED_SHARE, REPEAT_SHARE, FREQUENT_SHARE)

# What has rows in `estimates.csv`, and in `comparisons.csv` if it is compared.
ESTIMATED = (*MEASURES, *TOLD_MEASURES)
BY_NAME = {measure.name: measure for measure in (*ESTIMATED, *BREAKDOWN_MEASURES)}
SEARCH_RATE, FIND_RATE, ARREST_RATE, ACTION_RATE, TYPE_SHARE, UNKNOWN_ETHNICITY_SHARE = (
    BY_NAME[name]
    for name in ("search_rate", "find_rate", "arrest_rate", "action_rate", "type_share", "unknown_ethnicity_share")
)
ARREST_AFTER_FIND, ACTION_AFTER_FIND = (BY_NAME[name] for name in ("arrest_after_find_rate", "action_after_find_rate"))
AFTER_FIND = (ARREST_AFTER_FIND, ACTION_AFTER_FIND)
OTHER_RESULTS = tuple(measure for measure in MEASURES if measure.is_result and measure not in (FIND_RATE, *AFTER_FIND))


def list_restricted(part: str) -> list[str]:
    """List the measures that a restricted publication holds in this way."""
    return [measure.name for measure in MEASURES if part in measure.restricted]
