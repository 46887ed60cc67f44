"""What is kept between builds goes by the code that made it, and by no other."""

import ast
import shutil
from pathlib import Path

import pytest

from disparity.records.ingest import COUNTED_BY
from disparity.site.rendering.aside import DRAWN_BY
from disparity.vocabulary.code_hash import PACKAGE, hash_code

NEITHER, COUNTS, PICTURES = set(), {"counts"}, {"pictures"}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return shutil.copytree(PACKAGE, tmp_path / "disparity", ignore=shutil.ignore_patterns("__pycache__"))


def hashes(package: Path) -> dict[str, str]:
    """Anew: what was hashed a moment ago is remembered."""
    hash_code.cache_clear()
    return {
        "counts": hash_code("polars", *COUNTED_BY, package=package),
        "pictures": hash_code("vl-convert-python", *DRAWN_BY, package=package),
    }


@pytest.mark.parametrize(
    ("file", "orphaned"),
    [
        ("site/pages/findings.py", NEITHER),
        ("site/charts/funnel.py", NEITHER),  # its specification is part of what a picture goes by
        ("site/writing.py", NEITHER),
        ("tables/schema.py", NEITHER),
        ("analysis/comparisons.py", NEITHER),
        ("disclosure/open.py", NEITHER),
        ("pipeline/build.py", NEITHER),
        ("cli/main.py", NEITHER),
        ("project/declarations.py", NEITHER),
        ("sources/download/web.py", NEITHER),
        ("records/coding.py", COUNTS),
        ("records/counts.py", COUNTS),
        ("records/audit/files.py", COUNTS),
        ("sources/monthly.py", COUNTS),
        ("sources/home_office/rows.py", COUNTS),
        ("sources/extract/times.py", COUNTS),
        ("project/extract_mapping.py", COUNTS),
        ("project/areas.py", COUNTS),
        ("statistics/agreement.py", COUNTS),
        ("statistics/control.py", COUNTS),
        ("vocabulary/codes.py", COUNTS),
        ("vocabulary/reference/outcome_labels.csv", COUNTS),
        ("site/rendering/svg.py", PICTURES),
        ("site/rendering/fonts.conf", PICTURES),
        ("vocabulary/text.py", COUNTS | PICTURES),
    ],
)
def test_a_change_orphans_what_the_file_makes_and_nothing_else(package, file, orphaned):
    before = hashes(package)
    with (package / file).open("a", encoding="utf-8") as changed:
        changed.write("\n")
    after = hashes(package)
    assert {kind for kind in before if before[kind] != after[kind]} == orphaned


def test_another_place_or_other_ends_of_lines_change_nothing(package):
    assert hashes(package) == hashes(PACKAGE)
    path = package / "records" / "coding.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert hashes(package) == hashes(PACKAGE)


def test_a_file_that_has_moved_is_not_forgotten_silently(package):
    (package / "site" / "rendering" / "fonts.conf").unlink()
    with pytest.raises(FileNotFoundError, match=r"site/rendering/\*\.conf"):
        hashes(package)


def reachable(start: str) -> set[str]:
    """Files of the package that a module imports, those that they import, and so on."""
    found, left = set(), [start]
    while left:
        path = left.pop()
        if path in found:
            continue
        found.add(path)
        for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("disparity."):
                left.append(f"{str(node.module).removeprefix('disparity.').replace('.', '/')}.py")
    return found


@pytest.mark.parametrize(
    ("start", "patterns", "beside"),
    [
        # What a project declares of itself, and where its folders are, is not looked at while records are counted.
        (
            "records/ingest.py",
            COUNTED_BY,
            {
                f"project/{name}.py"
                for name in (
                    *(
                        "benchmarks",
                        "brand",
                        "chart_kinds",
                        "declarations",
                        "defaults",
                        "disclosure",
                        "layers",
                        "manifest",
                    ),
                    *("events", "merged_forces", "paths", "problems"),
                )
            },
        ),
        ("site/rendering/aside.py", DRAWN_BY, {f"vocabulary/{name}.py" for name in ("code_hash", "helper_process")}),
    ],
)
def test_all_that_the_work_is_done_with_is_hashed(start, patterns, beside):
    hashed = {path.relative_to(PACKAGE).as_posix() for pattern in patterns for path in PACKAGE.glob(pattern)}
    assert reachable(start) - hashed == beside
