"""Whether an edition can follow those before it: its day, its name, and what it is compared with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from disparity.disclosure.ledger import Entry, list_ledger
from disparity.project.settings import Settings
from disparity.tables.previous_edition import EDITIONS_FILE, Previous, read_editions, read_package
from disparity.vocabulary.calendar import name_day, name_period, next_month
from disparity.vocabulary.errors import RequestError

NEW_NAME = "give `edition` a name of its own, and `published` the day of this edition, in the project file"


@dataclass(frozen=True)
class _Known:
    """An edition that somebody has: of the list that the edition before hands on, or of the ledger."""

    name: str
    first_month: date
    last_month: date
    published: date | None
    counts: str = ""  # the ledger's name of its counts


def refuse_early_day(settings: Settings) -> None:
    """Refuse a day of publication on which the period was not over: it is last year's.

    Raises:
        RequestError: it is.
    """
    last_day = next_month(settings.last_month) - timedelta(days=1)
    if settings.published and settings.published <= last_day:
        raise RequestError(
            "the day of publication is before the end of the period",
            where="`published` of the project file",
            found=f"{settings.published}, and records to {last_day}",
            what_now="give `published` the day on which this edition goes out, and `edition` its own name; or move "
            "`to` back to the last month that was over by then",
            code="E172",
        )


def refuse_day_to_come(settings: Settings, today: date) -> None:
    """Refuse an edition for the public whose day is still to come. Today is compared, and goes no further.

    Raises:
        RequestError: it is.
    """
    if settings.published and settings.published > today:
        raise RequestError(
            "the day of publication is still to come",
            where="`published` of the project file",
            found=f"{settings.published}, and today is {today}",
            what_now="correct the day; or, to make today what goes out on that day, `disparity publish --ahead`",
            code="E172",
        )


def refuse_taken_name(settings: Settings, previous: Previous | None, entries: Sequence[Entry]) -> None:
    """Refuse the name of an edition of other months: readers could not tell which of the two they have.

    The same months under the same name pass: they may be a draft of a correction, or the edition itself once more.

    Raises:
        RequestError: an earlier edition has the name.
    """
    months = (settings.first_month, settings.last_month)
    for known in _list_named(settings, previous, entries):
        if (known.first_month, known.last_month) != months:
            raise _taken(settings, known)


def refuse_other_counts(settings: Settings, entries: Sequence[Entry], counts: str) -> None:
    """Refuse to publish a correction under the name of what it corrects: the withdrawal would be told of both.

    Args:
        counts: the ledger's name of the counts that are to be published.

    Raises:
        RequestError: the ledger has other counts under the name.
    """
    for known in _list_named(settings, None, entries):
        if known.counts != counts:
            raise _taken(settings, known)


def refuse_other_figures(settings: Settings, previous: Previous | None, *, is_changed: bool) -> None:
    """The same where nothing is protected, and no ledger kept: the edition before has the name, and other figures.

    Raises:
        RequestError: it has.
    """
    known = next(_list_named(settings, previous, ()), None)
    if known and is_changed:
        raise _taken(settings, known)


def list_forgotten(settings: Settings, counts: str = "") -> list[str]:
    """Name the published editions that this one would not list, as the edition before is not given or is not the last.

    An edition that is built again, under whatever name, is not its own forerunner; one that never was public is
    nobody's.

    Args:
        counts: the ledger's name of this edition's counts; before they are known, the same months are taken for them.
    """
    if settings.is_internal or (settings.previous and read_package(settings.previous) is None):
        return []  # of the force alone; or refused for what it is
    listed = {each.id for each in read_editions(settings.previous / EDITIONS_FILE)} if settings.previous else set()
    return [
        f"{entry.title or entry.edition} ({name_period(entry.period_from, entry.period_to)})"
        for entry in list_ledger(settings.ledger)
        if entry.was_public
        and entry.id not in listed
        and not _is_itself(settings, entry, counts)
        # The ledger of version 0.1 does not say which of the listed editions is which.
        and (entry.id or not settings.previous)
    ]


def _is_itself(settings: Settings, entry: Entry, counts: str) -> bool:
    if counts:
        return entry.edition == counts
    return (entry.period_from, entry.period_to) == (settings.first_month, settings.last_month)


def refuse_forgotten(settings: Settings, counts: str = "") -> None:
    """Refuse to publish an edition as if there were none before it; `counts` as in `list_forgotten`.

    Raises:
        RequestError: there are.
    """
    if forgotten := list_forgotten(settings, counts):
        raise RequestError(
            "editions were published that this one would not list",
            where="`previous` of the project file",
            found="; ".join(forgotten),
            what_now="name the site of the last edition, as it was published: `disparity publish --previous SITE`; "
            "where no copy of it is left, `--no-previous` starts a new list",
            code="E174",
        )


def _list_named(settings: Settings, previous: Previous | None, entries: Iterable[Entry]) -> Iterator[_Known]:
    """Earlier editions of this one's name, in whatever spelling; an edition without a name has nobody's."""
    asked = _spell(settings.edition)
    return (known for known in _list_known(previous, entries) if asked and _spell(known.name) == asked)


def _list_known(previous: Previous | None, entries: Iterable[Entry]) -> Iterator[_Known]:
    for each in previous.editions if previous else ():
        yield _Known(each.edition, each.period_from, each.period_to, each.published)
    if previous and not previous.editions:  # a site of an older version has no list
        yield _Known(previous.edition, previous.first_month, previous.last_month, None)
    for entry in entries:
        if entry.was_public:
            yield _Known(entry.title, entry.period_from, entry.period_to, entry.published, entry.edition)


def _spell(name: str) -> str:
    return " ".join(name.split()).casefold()


def _taken(settings: Settings, known: _Known) -> RequestError:
    day = f", published {name_day(known.published)}" if known.published else ""
    return RequestError(
        "an earlier edition of other records has this name",
        where="`edition` of the project file",
        found=f"{settings.edition}: {name_period(known.first_month, known.last_month)}{day}",
        what_now=NEW_NAME,
        code="E173",
    )
