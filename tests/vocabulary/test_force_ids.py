"""Which id was meant, and which forces are none of England and Wales."""

import pytest

from disparity.vocabulary.codes import force_names, read_reference
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.force_ids import (
    ELSEWHERE,
    SHORT,
    SlipError,
    check_ids,
    check_slips,
    is_known,
    list_places,
    refuse_unknown_force,
    suggest_force,
)

MEANT = {
    "Leicestershire": "leicestershire",
    "Leicestershire Police": "leicestershire",
    "leics": "leicestershire",
    "lancs": "lancashire",
    "Lancashire Constabulary": "lancashire",
    "the Met": "metropolitan",
    "Metropolitan Police Service": "metropolitan",
    "GMP": "greater-manchester",
    "cumbira": "cumbria",
    "Devon & Cornwall": "devon-and-cornwall",
    "devon and cornwall": "devon-and-cornwall",
    "Thames Valley Police": "thames-valley",
    "Northumbira": "northumbria",
    "West Yorks": "west-yorkshire",
    "Hampshire and Isle of Wight Constabulary": "hampshire",
    "Atlantis": "",
    "": "",
}


@pytest.mark.parametrize("word", MEANT)
def test_the_force_that_was_meant_is_suggested(word: str) -> None:
    assert suggest_force(word) == MEANT[word]


def test_every_force_is_meant_by_its_id_and_its_name() -> None:
    for force, name in force_names().items():
        if force not in ELSEWHERE:
            assert suggest_force(force) == suggest_force(name) == force
            assert is_known(force)
    assert set(SHORT.values()) <= set(force_names())


@pytest.mark.parametrize("force", ["northern-ireland", "psni", "police-scotland", "scotland"])
def test_a_force_that_is_not_of_england_and_wales_is_refused_with_the_reason_even_if_declared(force: str) -> None:
    for refuse in (lambda: refuse_unknown_force(force, "x.csv", declared=[force]), lambda: check_ids([force])):
        with pytest.raises(RequestError, match="is not a police force of England and Wales") as error:
            refuse()
        assert error.value.code == "E125"
    assert not is_known(force)


@pytest.mark.parametrize("force", ["data", "static", "charts", "../up", "a/b", "Kent", "", "-a", "a" * 65, "k\u00e9nt"])
def test_what_names_a_folder_of_the_site_or_none_at_all_is_no_id(force: str) -> None:
    with pytest.raises(ValueError, match="id"):
        check_ids([force])


def test_an_id_of_a_file_is_known_or_declared_before_it_names_a_folder() -> None:
    for force in ("lancashire", "fellshire", "synthetic-01"):
        refuse_unknown_force(force, "x.csv", declared=())
    refuse_unknown_force("wessex", "x.csv", declared={"wessex"})
    for force in ("wessex", "data", "static", "lancashir"):
        with pytest.raises(RequestError, match="there is no force") as error:
            refuse_unknown_force(force, "x.csv", declared=())
        assert (error.value.code, error.value.where) == ("E124", "x.csv")
    assert "did you mean 'lancashire'?" in error.value.what_now


@pytest.mark.parametrize(
    ("extracts", "forces", "names", "near"),
    [
        (["lancashir"], [], {}, "lancashire"),
        (["lancs"], ["lancashire"], {}, "lancashire"),
        (["wessex"], [], {}, "essex"),
        (["kent"], [], {"knet": "Kent"}, "kent"),
        ([], ["cumbria"], {"cumbira": "Cumbria"}, "cumbria"),
        ([], [], {"cumbira": "cumbria police"}, ""),
        ([], [], {"cumbira": "Cumbria Constabulary"}, "cumbria"),
        # A force of one's own: named, of an id like no other, or of a project that has both.
        (["wessex"], [], {"wessex": "Wessex Police"}, ""),
        (["wessex", "essex"], [], {"wessex": "Wessex Police"}, ""),
        ([], ["essex", "wessex"], {"wessex": "Wessex Police"}, ""),
        ([], [], {"wessex": "Wessex Police"}, ""),
        (["atlantis"], ["atlantis"], {}, ""),
        (["fellshire", "kent"], ["synthetic-01"], {"kent": "Kent Police"}, ""),
        ([], ["wessex"], {}, ""),
    ],
)
def test_a_slip_of_the_pen_is_no_force_of_ones_own(
    extracts: list[str], forces: list[str], names: dict[str, str], near: str
) -> None:
    if not near:
        check_slips(extracts, forces, names)
        return
    with pytest.raises(SlipError, match=f"did you mean '{near}'") as error:
        check_slips(extracts, forces, names)
    assert "[names]" in error.value.what_now


# The largest town or city of each force's area, or what everybody calls it by.
LARGEST = {
    "avon-and-somerset": "Bristol",
    "bedfordshire": "Luton",
    "btp": "Railways",
    "cambridgeshire": "Peterborough",
    "cheshire": "Warrington",
    "city-of-london": "City of London",
    "cleveland": "Middlesbrough",
    "cumbria": "Carlisle",
    "derbyshire": "Derby",
    "devon-and-cornwall": "Plymouth",
    "dorset": "Bournemouth",
    "durham": "Darlington",
    "dyfed-powys": "Llanelli",
    "essex": "Southend-on-Sea",
    "gloucestershire": "Gloucester",
    "greater-manchester": "Manchester",
    "gwent": "Newport",
    "hampshire": "Southampton",
    "hertfordshire": "Watford",
    "humberside": "Hull",
    "kent": "Maidstone",
    "lancashire": "Blackpool",
    "leicestershire": "Leicester",
    "lincolnshire": "Lincoln",
    "merseyside": "Liverpool",
    "metropolitan": "London",
    "norfolk": "Norwich",
    "north-wales": "Wrexham",
    "north-yorkshire": "York",
    "northamptonshire": "Northampton",
    "northumbria": "Newcastle upon Tyne",
    "nottinghamshire": "Nottingham",
    "south-wales": "Cardiff",
    "south-yorkshire": "Sheffield",
    "staffordshire": "Stoke-on-Trent",
    "suffolk": "Ipswich",
    "surrey": "Guildford",
    "sussex": "Brighton",
    "thames-valley": "Reading",
    "warwickshire": "Nuneaton",
    "west-mercia": "Worcester",
    "west-midlands": "Birmingham",
    "west-yorkshire": "Bradford",
    "wiltshire": "Swindon",
}


def test_every_force_has_what_it_is_called_for_short_and_its_largest_town() -> None:
    ours = set(force_names()) - set(ELSEWHERE)
    places, short = list_places(), set(SHORT.values())
    assert set(LARGEST) == set(places) == short == ours
    assert [force for force in ours if LARGEST[force] not in places[force]] == []
    assert all(len(places[force]) >= 10 for force in ours - {"btp"})


def test_no_place_is_said_of_two_forces_but_by_another_name() -> None:
    rows = read_reference("force_places")
    names = [row["name"].casefold() for row in rows]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
    assert {row["kind"] for row in rows} == {"short", "place"}


@pytest.mark.parametrize(
    ("word", "force"), [("the Met", "metropolitan"), ("gmp", "greater-manchester"), ("WYP", "west-yorkshire")]
)
def test_a_nickname_is_of_its_force(word: str, force: str) -> None:
    assert suggest_force(word) == force
