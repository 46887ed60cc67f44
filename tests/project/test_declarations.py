"""Lists of similar forces and changes of recording: what a project file may say, and how it is refused."""

from datetime import date

import polars as pl
import pytest

from disparity.project.declarations import PRIORITY_TYPES, choose_lists, choose_priorities, read_lists, refuse_unmatched
from disparity.project.settings import make_settings
from disparity.vocabulary.errors import RequestError

GROUP = {"force": "lancashire", "name": "Group of 2021", "from": "2021-04", "forces": ["kent"], "source": "a list"}
CHANGE = {"force": "kent", "month": "2019-10", "what": "A new form."}


def make(**settings):
    return make_settings(
        {"records": ["records"], "from": "2019-04", "to": "2020-03", **settings}, where="disparity.toml"
    )


def refusal(**settings):
    with pytest.raises(RequestError) as error:
        make(**settings)
    return error.value.found


def test_the_force_itself_counts_in_whether_it_is_named_or_not():
    for forces in (["kent", "humberside"], ["kent", "lancashire", "humberside"]):
        (group,) = make(similar_forces=[GROUP | {"forces": forces}]).similar_forces
        assert group.members() == ("humberside", "kent", "lancashire")


@pytest.mark.parametrize(
    ("month", "holds"),
    [(date(2021, 3, 1), False), (date(2021, 4, 1), True), (date(2024, 3, 1), True), (date(2024, 4, 1), False)],
)
def test_a_list_holds_from_its_first_month_to_its_last(month, holds):
    (group,) = make(similar_forces=[GROUP | {"to": "2024-03"}]).similar_forces
    assert group.holds_in(month) == holds


def test_a_list_without_an_end_still_holds():
    (group,) = make(similar_forces=[GROUP]).similar_forces
    assert group.holds_in(date(2090, 1, 1))


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"forces": ["kentt"]}, "the settings: no force is called 'kentt': did you mean 'kent'?"),
        ({"force": "nowhere-at-all"}, "the settings: no force is called 'nowhere-at-all'"),
        ({"forces": []}, "similar_forces.0.forces: name at least one"),
        ({"forces": ["lancashire"]}, "similar_forces.0: name at least one other force"),
        ({"to": "2020-03"}, "similar_forces.0: `from` is after `to`"),
        ({"from": "April"}, "similar_forces.0.from: write a month as 2019-04"),
        ({"year": 2021}, "similar_forces.0.year: no such key"),
        (
            {"forces": ["city-of-london"]},
            "similar_forces.0: City of London Police has no residents of its own, and so no most similar group",
        ),
    ],
)
def test_a_list_that_cannot_be_is_refused_word_for_word(changed, found):
    assert refusal(similar_forces=[GROUP | changed]) == found


def test_a_list_without_a_source_is_refused():
    group = {key: value for key, value in GROUP.items() if key != "source"}
    assert refusal(similar_forces=[group]) == "similar_forces.0.source: missing"


def test_the_city_of_london_has_no_group():
    assert "City of London Police has no residents" in refusal(similar_forces=[GROUP | {"force": "city-of-london"}])


def test_two_lists_of_a_force_for_the_same_month_are_refused():
    older = GROUP | {"name": "Group of 2013", "from": "2013-04", "to": "2021-04"}
    assert refusal(similar_forces=[GROUP, older]) == (
        "the settings: 'Group of 2021' and 'Group of 2013' of lancashire hold in the same month: "
        "give the older one a `to`"
    )


def test_lists_that_follow_each_other_are_fine():
    older = GROUP | {"name": "Group of 2013", "from": "2013-04", "to": "2021-03"}
    assert len(make(similar_forces=[GROUP, older]).similar_forces) == 2


def test_two_lists_of_one_name_are_refused():
    assert refusal(similar_forces=[GROUP, GROUP | {"force": "essex"}]) == (
        "the settings: two lists are called 'Group of 2021': give each a name of its own"
    )


def test_a_force_that_the_project_names_is_known():
    made = make(similar_forces=[GROUP | {"forces": ["fellshire"]}], names={"fellshire": "Fellshire Police"})
    assert "fellshire" in made.similar_forces[0].members()


def test_a_change_of_recording_starts_with_the_first_of_its_month():
    (change,) = make(recording_changes=[CHANGE | {"month": date(2019, 10, 17)}]).recording_changes
    assert (change.month, change.measures) == (date(2019, 10, 1), [])


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"force": "kemt"}, "the settings: no force is called 'kemt': did you mean 'kent'?"),
        (
            {"measures": ["find_rates"]},
            "recording_changes.0.measures: 'find_rates' is not followed month by month: did you mean 'find_rate'?",
        ),
        ({"what": ""}, "recording_changes.0.what: String should have at least 1 character"),
    ],
)
def test_a_change_that_cannot_be_is_refused_word_for_word(changed, found):
    assert refusal(recording_changes=[CHANGE | changed]) == found


def test_the_package_carries_lancashires_group_as_its_inspection_of_2018_19_names_it():
    (group,) = read_lists()
    assert set(group.members()) == {
        *("lancashire", "south-wales", "south-yorkshire", "northumbria"),
        *("nottinghamshire", "humberside", "kent", "west-yorkshire"),
    }
    assert group.holds_in(date(2020, 3, 1))
    assert not group.holds_in(date(2022, 3, 1))


def test_a_list_of_the_project_wins_over_the_packages():
    own = make(similar_forces=[GROUP]).similar_forces
    assert [group.name for group in choose_lists(own, ["lancashire"])] == ["Group of 2021"]
    assert [group.force for group in choose_lists([], ["lancashire"])] == ["lancashire"]


def test_lists_of_forces_that_are_not_published_are_left_out():
    assert choose_lists([], ["kent"]) == ()


# Priorities

KNIVES = {
    **{"force": "kent", "name": "Knives", "from": "2019-04", "search_types": ["offensive_weapons"]},
    "source": "A plan, page 12",
}
SEARCHED = pl.DataFrame(
    {
        "force": "kent",
        "month": [date(2019, 4, 1), date(2019, 5, 1), date(2019, 5, 1)],
        "area": ["Town", "Coast", None],
        "search_type": ["offensive_weapons", "drugs_supply", "firearms"],
    }
)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"force": "kemt"}, "the settings: no force is called 'kemt': did you mean 'kent'?"),
        (
            {"search_types": ["offensive_weapon"]},
            "priorities.0.search_types: 'offensive_weapon' is no type of search: did you mean 'offensive_weapons'?",
        ),
        ({"search_types": []}, "priorities.0.search_types: name at least one"),
        ({"to": "2019-03"}, "priorities.0: `from` is after `to`"),
        ({"months": [4]}, "priorities.0.months: no such key"),
        (
            {"name": "Any"},
            "priorities.0.name: 'Any' means all priorities together: give this one a name of its own",
        ),
        ({"name": "a\x1b[31m"}, "priorities.0.name: write it on one line, without control characters"),
        ({"source": "a\nb"}, "priorities.0.source: write it on one line, without control characters"),
        ({"source": ""}, "priorities.0.source: String should have at least 1 character"),
    ],
)
def test_a_priority_that_cannot_be_is_refused_word_for_word(changed, found):
    assert refusal(priorities=[KNIVES | changed]) == found


def test_a_type_that_is_like_none_is_refused_with_those_there_are():
    assert refusal(priorities=[KNIVES | {"search_types": ["xyz"]}]).endswith("; there are " + ", ".join(PRIORITY_TYPES))
    assert "not_recorded" not in PRIORITY_TYPES


def test_two_priorities_of_one_name_are_refused():
    assert refusal(priorities=[KNIVES, KNIVES]) == (
        "the settings: two priorities of kent are called 'Knives': give each a name of its own"
    )
    assert len(make(priorities=[KNIVES, KNIVES | {"force": "essex"}]).priorities) == 2


def test_drugs_stand_for_their_parts():
    (priority,) = make(priorities=[KNIVES | {"search_types": ["drugs", "firearms"]}]).priorities
    assert priority.kinds() == ["drugs_possession", "drugs_supply", "drugs_unspecified", "firearms"]


@pytest.mark.parametrize(
    ("changed", "is_chosen"),
    [
        ({}, True),
        ({"force": "essex"}, False),
        ({"from": "2020-04"}, False),
        ({"from": "2018-04", "to": "2019-03"}, False),
        ({"from": "2018-04", "to": "2019-04"}, True),
        ({"from": "2020-03"}, True),
    ],
)
def test_priorities_of_other_forces_and_months_are_left_out(changed, is_chosen):
    made = make(priorities=[KNIVES | changed])
    assert bool(choose_priorities(made.priorities, ["kent"], made.months())) == is_chosen


@pytest.mark.parametrize(
    ("changed", "found", "what_now"),
    [
        (
            {"search_types": ["protest"]},
            "no search of its types in its months",
            "correct its search_types, months or areas, or take it out",
        ),
        (
            {"from": "2019-05"},
            "no search of its types in its months",
            "correct its search_types, months or areas, or take it out",
        ),
        (
            {"areas": ["Twon"]},
            "no search in an area called 'Twon': did you mean 'Town'?",
            "correct its search_types, months or areas (its areas are Coast, Town), or take it out",
        ),
        (
            {"areas": ["Coast"]},
            "no search of its types in its months",
            "correct its search_types, months or areas (its areas are Coast, Town), or take it out",
        ),
    ],
)
def test_a_priority_that_no_search_falls_under_is_refused_by_its_name(changed, found, what_now):
    (priority,) = make(priorities=[KNIVES | changed]).priorities
    with pytest.raises(RequestError) as error:
        refuse_unmatched([priority], SEARCHED, SEARCHED)
    assert error.value.what == "no search falls under the priority 'Knives' of kent"
    assert (error.value.found, error.value.what_now) == (found, what_now)


def test_areas_of_a_force_whose_records_name_none_are_refused():
    (priority,) = make(priorities=[KNIVES | {"areas": ["Town"]}]).priorities
    with pytest.raises(RequestError) as error:
        refuse_unmatched([priority], SEARCHED, SEARCHED.clear())
    assert error.value.found == "no search in an area called 'Town'"
    assert "(these records name no areas)" in error.value.what_now


def test_a_priority_that_a_search_falls_under_passes():
    made = make(priorities=[KNIVES, KNIVES | {"name": "In town", "areas": ["Town"], "to": "2019-04"}])
    refuse_unmatched(made.priorities, SEARCHED, SEARCHED)
