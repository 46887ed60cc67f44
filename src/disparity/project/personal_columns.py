"""Which columns of an extract hold details of a person, searched or officer, by the words of their headers.

Such a column is never read: what is not read cannot be published by mistake.
"""

import re

# "Operation name" and the like are no person's.
NAMES = {"name", "names"}
PERSONAL_WORDS = NAMES | {
    *("surname", "forename", "initials", "alias", "dob", "birth", "born", "address", "postcode", "house"),
    *("phone", "telephone", "mobile", "email", "collar", "warrant", "shoulder", "epaulette", "epaulet", "badge"),
    *("payroll", "custody", "nominal", "pnc", "pncid", "cro", "nhs", "nino", "passport", "vrm", "vrn", "registration"),
    *("reg", "licence", "searcher", "signature", "oic"),
}
# Of headers written in one word, such as OFFICERNAME.
PERSONAL_PARTS = re.compile(
    r"surname|forename|firstname|lastname|fullname|birth|postcode|phone|email|nominal"
    r"|(officer|supervisor|sergeant|constable)s?(name|no|num|number|id|ref|code|collar)"
    r"|(searching|stopping|recording|reporting|arresting|authorising)officer"
)
NAMED_THINGS = {
    *("operation", "area", "division", "district", "ward", "beat", "station", "force", "sector", "borough"),
    *("bcu", "lpa", "power", "act", "item", "object"),
}
OFFICERS = {
    *("officer", "officers", "supervisor", "supervisors", "constable", "constables", "sergeant", "sergeants"),
    *("inspector", "pc", "pcso"),
}
# What an officer saw, thought or began says nothing of who the officer was.
SEEN_BY_OFFICERS = {
    *("defined", "perceived", "observed", "assessed", "ethnicity", "ethnic", "appearance", "opinion"),
    *("initiated", "generated", "prompted", "led", "instigated", "observation", "observations"),
}
WHO_DID_IT = {
    *("searched", "stopped", "conducted", "carried", "completed", "created", "entered", "submitted", "authorised"),
    *("supervised", "reviewed", "approved", "recorded", "detained"),
}
PEOPLE = {"person", "subject", "suspect", "detainee", "victim", "witness", "staff", "user", "employee"}
NUMBER_WORDS = {"no", "num", "nos", "number", "numbers", "id", "ids", "ref", "reference"}
# Numbers that lead to one event, and by it to a person: good for telling rows apart, and for nothing else.
EVENTS = {"occurrence", "crime", "incident", "cad", "log", "case", "event"}
EVENT_NUMBER = re.compile(r"(occurrence|crime|incident|cad|case|event)(no|num|number|id|ref|reference)")
RECORD_ID = "record_id"
# What tells a person apart and no more: read to see whether the same person was searched before, and never kept.
PERSON_KEY = "person_key"
KEYS = {"nominal", "custody", "pnc", "pncid", "cro"}
# "Taken into custody" says what came of an arrest; "Custody record" is a person's.
CUSTODY_OUTCOMES = {"taken", "into", "detained", "authorised", "led", "detention"}


def split_words(header: str) -> list[str]:
    """Give the words of a header, in lower case.

    >>> split_words("OfficerNo / Item_Found?")
    ['officer', 'no', 'item', 'found']
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return re.findall(r"[a-z0-9]+", spaced.lower())


def looks_personal(header: str, ours: str = "") -> bool:
    """Say whether a column, by its name, holds details of a person: searched or officer.

    Args:
        ours: which of our columns it is to be. The number of an event may tell rows apart, and be nothing else; a
            number of a person may be the key that persons are told apart by, and be nothing else.

    >>> [looks_personal(name) for name in ("Subject DOB", "Operation name", "Searching Officer", "Officer initiated")]
    [True, False, True, False]
    >>> looks_personal("Occurrence No"), looks_personal("Occurrence No", "record_id")
    (True, False)
    >>> looks_personal("Nominal ref"), looks_personal("Nominal ref", "person_key"), looks_personal("DOB", "person_key")
    (True, False, True)
    """
    listed = split_words(header)
    words, joined = set(listed), "".join(listed)
    if "yes" in words:  # "Yes/No" is no number
        words -= {"yes", "no"}
    if _names_event(words, joined):
        return ours != RECORD_ID
    if ours == PERSON_KEY:
        words, joined = words - KEYS - PEOPLE, joined.replace("nominal", "")
    elif "custody" in words and words & CUSTODY_OUTCOMES and not words & {*NUMBER_WORDS, "record"}:
        words -= {"custody"}
    if _names_officer(words) or PERSONAL_PARTS.search(joined):
        return True
    found = words & PERSONAL_WORDS
    if found and found <= NAMES and not words & PEOPLE:
        return not words & NAMED_THINGS
    return bool(found) or bool(words & PEOPLE and words & NUMBER_WORDS)


def _names_officer(words: set[str]) -> bool:
    is_seen = bool(words & SEEN_BY_OFFICERS) and not words & (NUMBER_WORDS | NAMES)
    if words & OFFICERS:
        return not is_seen
    return "by" in words and bool(words & WHO_DID_IT) and not is_seen


def _names_event(words: set[str], joined: str) -> bool:
    return bool(words & EVENTS and words & NUMBER_WORDS and not words & PERSONAL_WORDS) or bool(
        EVENT_NUMBER.fullmatch(joined)
    )
