"""What can be in doubt about the count of a month or a year: the codes, and the words that pages say them in."""

PART_OF_MONTH, ONE_DATE, FAR_FROM_USUAL, CAPPED, REPEATED = (
    "part_of_month",
    "one_date",
    "far_from_usual",
    "capped",
    "repeated_rows",
)
OFFICIAL_TOTAL, EARLIER_TOTAL = "official_total", "earlier_official_total"
# Of a month, in the order in which a page says them.
DOUBTS = {
    PART_OF_MONTH: "the records cover part of the month only",
    ONE_DATE: "most searches have one date",
    FAR_FROM_USUAL: "the number of searches is far from the force’s usual",
    CAPPED: "the same number of records comes back, as where an export has a limit",
    REPEATED: "nearly every record is there more than once",
}
OF_A_YEAR = {
    OFFICIAL_TOTAL: "the number of searches is far from the official total of the year",
    EARLIER_TOTAL: "the number of searches is far from the last official total there is, which is of an earlier year",
}
