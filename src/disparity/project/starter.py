"""A new project: the commented project file, and copies of those templates that are to be changed."""

import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path

from disparity.project.defaults import example_path
from disparity.project.layers import KINDS, copy_one
from disparity.project.reference import SCHEMA_FILE, write_schema
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.user_text import read_user_text

PROJECT_FILE = "disparity.toml"
TEMPLATE = """\
#:schema ./disparity.schema.json
# What this publication is. A key that is not known is refused; docs/project-file.md lists them all.

title = "Stop and search: ethnic disparities"
publisher = ""            # who publishes, such as "Office of the Police and Crime Commissioner for ..."
# own = true              # the publisher is the force or its governing body: adds the page Action
edition = ""              # a name in your words, other ones each time, such as "First edition, June 2026"
# published = 2026-06-18  # the day this edition goes out: year-month-day, no quotation marks; needed for the feed
# next_edition = 2027-06-17 # a day, or words such as "summer 2027"
contact = ""              # where a reader can write to
# responsible = ""        # who answers for the figures, such as a head of statistics (docs/policies.md)
# base_url = "https://example.org/stop-and-search/" # the address of the site: the feed needs whole addresses
# status = "Not official statistics" # say otherwise only if the regulator does
is_synthetic = false      # true puts "Invented records" on every page

# The months, first and last. Years are counted back from the last month.
from = "2019-04"
to = "2020-03"

# Where the records are: folders of monthly files, single CSVs or zip archives of data.police.uk, in any mix.
# Keep the portal's file names: force and month are read from them. The Home Office's open data tables (ODS, or the
# same table as CSV) may be among them; docs/home-office.md says what they can and cannot show.
records = ["records"]

# Where those tables and other records hold the same force and month: true, the tables win; false, the others do.
# home_office_overrides = true

# Force ids as in the file names; "all" is every force in the records.
forces = "all"

# Instead of records, parts that `disparity count` made: docs/counts.md.
# counts = ["first-half", "second-half"]

# A folder that keeps counts and drawn charts between builds, so that a new month alone is counted. Not for
# publication: its counts are exact. docs/counts.md.
# reuse = "kept"

# Files that are not UTF-8 are refused unless you know what they are: "cp1252", as older Windows programs write.
# encoding = "cp1252"

# true leaves out files that cannot be read, and goes on where too many rows are lost; every page then says so.
# allow_partial = false

# Residents by force and ethnic group, if the censuses are not what you divide by.
# Columns: force, ethnic_group (Asian, Black, Mixed, White, Other), population; by age and gender or by area:
# docs/population.md. Of several dates with a column date or year. population_source names it on the pages.
# population = "population.csv"
# population_source = "ONS mid-2025 estimates"

# Whether to test if searches of a group are a smaller share in darkness than in daylight, at the same time of day.
# It says little about searches on foot, and nothing where times are not recorded: read the method page first.
# veil_of_darkness = true

# Your own expectations of the submissions, and templates and styles of the pages. The folders hold only what you
# change, the rest is the toolkit's: `disparity init --templates NAME` copies one (docs/brand.md).
# expectations = "expectations"
# reports = "reports"

# As which files each chart can be downloaded: PNG too where pictures must go where SVG cannot, for a heavier site.
# charts = ["svg", "png"]

# Suites of expectations that do not hold here, each with the reason, which the page on data quality gives.
# [expectations_off]
# labels = "The labels are checked in the records system."

# Where the site goes: a folder of its own. What you keep in it, such as CNAME or .git, stays (docs/publish.md).
out = "site"

# The site of the edition before: the page "What changed" names every published figure that moved.
# previous = "site-2025"

# A finished review of recorded grounds, as `disparity review` wrote it: docs/grounds-review.md.
# grounds_review = "review"

# The register of actions: a folder with one small file for each disparity (docs/actions.md).
# actions = "actions"

# The publisher's brand: docs/brand.md.
# [brand]
# logo = "logo.svg"         # SVG or PNG
# logo_text = "Kent Police" # what the logo says
# colour = "#6b1d5c"        # of links, lines and charts
# masthead = "#2b1030"      # behind the head of every page
# fonts = ["Source Sans 3", "Arial"]
# footer = "Published by the Performance Team of Kent Police."
# hidden_pages = ["compare"]

# How far counts may be shown: docs/disclosure.md. Left out, the records decide: a force's own extract makes a
# publication restricted (protected counts), published files alone leave it open (exact counts).
# [disclosure]
# profile = "restricted"
# published = "published.sha256"   # SHA-256 of files that are published already, as sha256sum writes them
# public_records = "none"          # where data.police.uk does not have the searches of these months

# Outlines of areas, to place searches in by their coordinates where records name no area: GeoJSON in WGS84, such as
# the local authorities of ONS's Open Geography portal. With residents by area: rates by area (docs/areas.md).
# [areas]
# file = "areas.geojson"
# name = "LAD22NM"          # the property that holds an area's name

# Names of forces that are not in the portal's list, or that should read otherwise.
# [names]
# fellshire = "Fellshire Police"

# A force that was made of others, or took another id: earlier months and residents are theirs (docs/merged-forces.md).
# [[merged_forces]]
# force = "wessex"
# predecessors = ["dorset", "wiltshire"]
# from = "2027-04"
# source = "the order that made it, and when"

# A force's most similar group: which forces a public list names, from when to when (docs/similar-forces.md).
# [[similar_forces]]
# force = "lancashire"
# name = "Lancashire’s most similar group of 2021"
# from = "2021-04"
# to = "2024-03"            # leave it out while the list is in force
# forces = ["kent", "humberside"]
# source = "who publishes the list, and when"

# From this month on a force records otherwise: its control charts start anew there, and the page prints why.
# [[recording_changes]]
# force = "lancashire"
# month = "2023-11"
# measures = ["find_rate"]  # search_rate, find_rate, arrest_rate; leave it out for all
# what = "Officers record whether the item searched for was found."

# A dated event to draw and list beside the months, besides those on stop and search that come with the toolkit.
# [[events]]
# what = "Operation Example begins"
# from = "2024-06-01"
# to = "2024-08-31"         # leave it out of what has no end
# forces = ["lancashire"]   # leave it out for all
# source = "https://example.org/operation-example"

# What else to set searches against, beside residents, arrests and reports of force used (docs/compared-with.md).
# [[benchmarks]]
# name = "Suspects of robbery"
# file = "suspects.csv"     # force, ethnic_group, count, period; age_group too if you like
# source = "who counted them"
# assumes = "What it takes for granted, and what in it follows from searches: the page prints it."
# ethnicity_basis = "officer-defined" # where its groups are as officers saw them

# What a force states that its searches are for, from its published plan (docs/priorities.md).
# [[priorities]]
# force = "lancashire"
# name = "Knife crime in town centres"
# from = "2024-04"
# to = "2025-03"            # leave it out while it holds
# search_types = ["offensive_weapons", "firearms"]
# areas = ["Centre"]        # of the force's own extract; leave it out for everywhere
# source = "Police and Crime Plan 2024, page 12"

# Why figures differ from those of the edition before. An entry explains the changes that meet all it names; leave out
# tables, measures, forces or months for any. One with an edition explains changes of that edition only.
# [[revisions]]
# edition = "Second edition, June 2027"
# published = 2027-06-17
# what = "Lancashire sent its file for November 2025 again."
# reason = "The first file left out 312 searches."
# tables = ["estimates", "comparisons"]
# measures = ["search_rate"]
# forces = ["lancashire"]
# from = "2025-11"
# to = "2025-11"

# A force's own extract (CSV, XLSX or Parquet), for what only a force has: possession or supply, item found.
# `disparity map FILE --append` writes this table for you to check; docs/extracts.md explains it. Keep it last.
# [[extracts]]
# file = "extract.csv"      # or a list, or a pattern: "exports/*.csv"
"""


MAKEFILE = """\
# `make site` builds the site of disparity.toml; `make check` only checks the records.
.PHONY: site check
site:
\tdisparity build
check:
\tdisparity check --project disparity.toml
"""


def write_project(folder: Path) -> list[Path]:
    """Write a project into `folder`; nothing that is there is touched.

    Raises:
        RequestError: one of the files or folders is there already.
    """
    targets = _start(folder, PROJECT_FILE, SCHEMA_FILE)
    targets[0].write_text(TEMPLATE, encoding="utf-8", newline="\n")
    return targets


def write_example(folder: Path) -> list[Path]:
    """Write a project with everything filled in, on invented records; nothing that is there is touched.

    Raises:
        RequestError: one of the files or folders is there already.
    """
    targets = _start(folder, PROJECT_FILE, SCHEMA_FILE, "Makefile", "data")
    shutil.copyfile(example_path(PROJECT_FILE), targets[0])
    targets[2].write_text(MAKEFILE, encoding="utf-8", newline="\n")
    shutil.copytree(example_path("data"), targets[3])
    return targets


def copy_templates(folder: Path, names: Sequence[str]) -> list[Path]:
    """Copy templates, styles or suites of the package into a project, to be changed.

    Raises:
        RequestError: there is none of this name, or the project has its own already.
    """
    named = _read_keys(folder)
    return [copy_one(name, folder, {key: Path(path) for key, path in named.items()}) for name in names]


def list_missing_keys(folder: Path, written: Sequence[Path]) -> list[str]:
    """List lines that the project file needs for what was copied to be used."""
    named = _read_keys(folder)
    used = {path.relative_to(folder).parts[0] for path in written if folder in path.parents}
    return [f'{key} = "{key}"' for key in KINDS if key not in named and key in used]


def _read_keys(folder: Path) -> dict[str, str]:
    """What the project file says of its own folders; one that cannot be read says nothing here."""
    try:
        given = tomllib.loads(read_user_text(folder / PROJECT_FILE))
    except (OSError, ValueError):
        return {}
    return {key: given[key] for key in KINDS if isinstance(given.get(key), str)}


def _start(folder: Path, *names: str) -> list[Path]:
    """Make room for files of these names."""
    targets = [folder / name for name in names]
    for target in targets:
        if target.exists():
            raise RequestError("this is a project already", where=str(target), what_now="choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SCHEMA_FILE).write_text(write_schema(), encoding="utf-8", newline="\n")
    return targets
