"""A publication to look at, of eight forces' open records. `python -m release.sample RECORDS build/sample`"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from release.distributions import ROOT, ReleaseError

SETTINGS = ROOT / "release/sample.toml"
MONTHS = 24


def build(records: Path, out: Path) -> None:
    """Publish what the settings say, of the records in a folder."""
    if len(list(records.glob("*/*-lancashire-stop-and-search.csv"))) < MONTHS:
        raise ReleaseError(f"{records} does not hold the records of the sample: docs/sample.md says which")
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "disparity.toml"
        named = f"records = [{json.dumps(records.resolve().as_posix())}]\n"
        project.write_text(SETTINGS.read_text(encoding="utf-8") + named, encoding="utf-8")
        command = [sys.executable, "-c", "from disparity.cli.main import main; main()", "publish", "--no-reuse"]
        subprocess.run([*command, "--project", str(project), "--out", str(out)], check=True)


def main() -> None:
    """Build the sample."""
    build(Path(sys.argv[1]), Path(sys.argv[2]).resolve())


if __name__ == "__main__":
    main()
