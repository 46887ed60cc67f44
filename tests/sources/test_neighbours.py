"""Tables that are no records, and records of elsewhere, are refused for what they are."""

from pathlib import Path

import pytest

from disparity.sources.police_uk import find_files
from disparity.vocabulary.errors import RequestError

HEADERS = {
    "stop-and-search.csv": (
        "Measure,Time,Time_type,Ethnicity,Ethnicity_type,Geography,Geography_type, Number of stop and searches ,"
        'Population by ethnicity,"Rate per 1,000 population by ethnicity",Notes',
        "Ethnicity facts and figures",
        "E124",
    ),
    "stop-search-open-data-tables-ppp-mar2020.csv": (
        "Financial Year,Force Name,Legislation,Ethnic Group (self-defined - new style),Ethnicity (self-defined),"
        "Searches,Resultant arrests",
        "a Home Office table of before 2020",
        "E124",
    ),
    "scot.csv": (
        "Case ID,Date of Search,Time of Search,Self Defined Ethnicity,Perceived Ethnicity,Gender,Age,Legislation,"
        "Reason for Search,Result,Type of Search,Division,Council Area,Ward,ITEM FOUND",
        "Police Scotland",
        "E125",
    ),
    "merged.csv": ("Type,Date,Gender", "does not say which force and month", "E124"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_neighbour_is_named_with_where_found_and_what_now(tmp_path: Path, name: str) -> None:
    header, what, code = HEADERS[name]
    path = tmp_path / name
    path.write_text(f"{header}\n1\n", encoding="utf-8")
    with pytest.raises(RequestError) as error:
        find_files([path])
    assert what in error.value.what
    assert (error.value.code, error.value.where) == (code, name)
    assert error.value.found
    assert error.value.what_now
