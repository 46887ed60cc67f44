"""Known faults of what an analyst installs, where `pip-audit` is there to ask. `python -m release.audit`

An index that does not tell of faults is no clean index: a package that cannot be asked about fails (`--strict`).
"""

import shutil
import subprocess
import sys

from release.bundle import LOCK


def main() -> None:
    """Ask about every package of the lock, or say that nobody asked."""
    tool = shutil.which("pip-audit")
    if tool is None:
        print("Not audited: pip-audit is not installed. The release workflow asks.")
        return
    sys.exit(
        subprocess.run([tool, "--strict", "--disable-pip", "--require-hashes", "-r", str(LOCK)], check=False).returncode
    )


if __name__ == "__main__":
    main()
