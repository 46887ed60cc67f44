"""A bundle installed as its reader does: an empty environment, no index, no network; and the bill of materials of that.

`python -m release.offline dist/bundle-machine BILL.cdx.json`
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from release.distributions import ROOT

# Whoever asks for anything from outside is refused at once: nothing listens on this port.
NOWHERE = "http://127.0.0.1:9"
ALONE = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "PIP_PROXY"), NOWHERE),
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_NO_CACHE_DIR": "1",
}


def list_settings() -> dict[str, str]:
    """The environment without what would tell pip of an index, or Python of a checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "UV_"))}
    return kept | ALONE


def install(bundle: Path, folder: Path) -> Path:
    """Install a bundle into a new environment; the folder of its commands."""
    venv.create(folder, with_pip=True, symlinks=os.name != "nt")
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    command = [str(commands / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    command += ["--find-links", "packages", "--require-hashes", "-r", "requirements.txt"]
    subprocess.run(command, cwd=bundle, env=list_settings(), check=True)
    return commands


def run(commands: Path, *arguments: str, cwd: Path) -> str:
    """What the installed command says."""
    command = [str(commands / "disparity"), *arguments]
    return subprocess.run(command, cwd=cwd, env=list_settings(), check=True, capture_output=True, text=True).stdout


def write_bill(commands: Path, file: Path) -> None:
    """Write what is installed as a CycloneDX bill of materials, with licences; the same environment, the same bytes.

    What installed it is no part of it, and leaves the environment first.
    """
    version = run(commands, "--version", cwd=file.parent).split()[-1]
    leave = [str(commands / "python"), "-m", "pip", "uninstall", "--quiet", "--yes", "setuptools", "pip"]
    subprocess.run(leave, env=list_settings(), check=True, capture_output=True)
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--output-format", "JSON"]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application", "--output-file", str(file)]
    subprocess.run([*command, str(commands / "python")], check=True, capture_output=True)
    bill = json.loads(file.read_text(encoding="utf-8"))
    bill["metadata"]["component"]["version"] = version  # the project file leaves it to the package
    file.write_text(json.dumps(bill, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Install a bundle, start a project, look it over, and write the bill of materials."""
    bundle, bill = (Path(argument).resolve() for argument in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as folder:
        commands = install(bundle, Path(folder) / "environment")
        print(run(commands, "--version", cwd=Path(folder)), end="")
        run(commands, "init", "--example", "mine", cwd=Path(folder))
        print(run(commands, "doctor", cwd=Path(folder) / "mine"), end="")
        write_bill(commands, bill)
    print(f"{bill}: {bill.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
