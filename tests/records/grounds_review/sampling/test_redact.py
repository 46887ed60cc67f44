"""What looks like a person's details is taken out of grounds; what makes grounds reasonable stays."""

import polars as pl
import pytest

from disparity.records.grounds_review.sampling.redact import redact


def redacted(text):
    return pl.DataFrame({"text": [text]}).select(redact(pl.col("text"))).item()


@pytest.mark.parametrize(
    "detail",
    [
        *("jo.bloggs+1@mail.example.org", "QQ 12 34 56 C".replace("QQ", "AB"), "ab123456c"),
        *("07700 900123", "+44 7700 900123", "+44 (0)20 7946 0958", "020-7946-0958", "0161 496 0000"),
        *("LA1 2AB", "sw1a1aa", "M1 1AE"),
        *("DOB 01/02/1990", "d.o.b.: 1.2.85", "born on 3 March 2006", "date of birth 12-11-2010", "01/02/1999"),
        *(
            "Mr Bell",
            "Mrs O’Hara-Smith",
            "Ms Amy Jane Lo",
            "Dr. Who",
            "PC 1234",
            "PC1234 Shaw",
            "Sgt Miles",
            "DC 77 Ray Cox",
        ),
    ],
)
def test_details_of_a_person_are_taken_out(detail):
    assert redacted(f"Told by {detail}, near the shop.") == "Told by [removed], near the shop."


@pytest.mark.parametrize(
    "grounds",
    [
        "Seen on 14/05/2024 at 23:10 to hide a bag.",
        "Matches a theft of 3 items worth 1,200 pounds at 14:30.",
        "Smell of cannabis; 2 knives found on 12 May.",
        "S23 MDA, B12 Asian male, 20 to 25, black coat",
        "The officer saw him pass it; the doctor was told.",
        "Ref 12345678, 3 wraps",
        "",
    ],
)
def test_what_is_no_detail_stays_word_for_word(grounds):
    assert redacted(grounds) == grounds


def test_a_name_without_a_title_is_not_known_as_one():
    """A help, no guarantee: this is what the documentation warns of."""
    assert redacted("Alice Bell gave him a bag.") == "Alice Bell gave him a bag."


def test_every_detail_of_a_text_is_taken_out():
    assert redacted("PC 12 saw Mr Lo and Mr Fry, LA1 2AB") == "[removed] saw [removed] and [removed], [removed]"
