"""An offline wheelhouse: the toolkit and all it needs, with hashes, for a machine that reaches no index.

`python -m release.bundle dist [--platform windows] [--python 3.12]`. For another platform than this one, the wheels are
chosen by its tags and the lock's markers are read as they would be there: pip would read them as here.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from platform import machine, system

from packaging.markers import default_environment
from packaging.requirements import Requirement

from release.distributions import ROOT, ReleaseError

LOCK = ROOT / "requirements-run.lock"
ENTRY = re.compile(r"^(?P<what>[\w.-]+.*?)(?P<hashes>(?: \\\n +--hash=\S+)+)$", re.MULTILINE)
HERE = "this machine"
# What markers ask, and the tags that pip is told, newest first.
PLATFORMS: Mapping[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
    "windows": (
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
        ("win_amd64",),
    ),
    "linux": (
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
        ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    ),
    "macos": (
        {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
        ("macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64"),
    ),
}
HOW = """# Installing without an index

For {platform}, Python {python}. Nothing here uses the network, and nothing needs administrator rights. On Windows write
`py -{python}` for `python3` and `disparity-env\\Scripts` for `disparity-env/bin`.

    python3 -m venv disparity-env
    disparity-env/bin/python -m pip install --no-index --find-links packages --require-hashes -r requirements.txt
    disparity-env/bin/disparity doctor

pip checks the hash of each package against `requirements.txt`. `SHA256SUMS` has those of all files: check them with
`sha256sum --check SHA256SUMS`, or on Windows with `Get-FileHash`. `NOTICE.md` says what is bundled in the toolkit,
and under which licences.
"""


def describe_machine(platform: str, python: str) -> dict[str, str]:
    """What the lock's markers are read against: this machine, or one of a platform and a Python."""
    here = {key: str(value) for key, value in default_environment().items()}
    version = {"python_version": python, "python_full_version": f"{python}.0"} if python else {}
    return here | (dict(PLATFORMS[platform][0]) if platform != HERE else {}) | version


def choose(lock: str, machine: dict[str, str]) -> Iterator[str]:
    """The entries of a lock that a machine needs, without their markers."""
    for entry in ENTRY.finditer(lock):
        asked = Requirement(entry["what"])
        if asked.marker is None or asked.marker.evaluate(machine):
            yield f"{asked.name}{asked.specifier}{entry['hashes']}"


def download(requirements: Path, packages: Path, platform: str, python: str) -> None:
    """Fetch the wheels that a list of requirements names, by hash."""
    there = [f"--platform={tag}" for tag in PLATFORMS[platform][1]] if platform != HERE else []
    there += [f"--python-version={python}"] if python else []
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--require-hashes", *there, "-r", str(requirements), "-d", str(packages)]
    subprocess.run(command, check=True)


def hash_file(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def bundle(wheel: Path, folder: Path, platform: str = HERE, python: str = "") -> None:
    """Put the wheel, all it needs, and how to install them into a new folder."""
    packages, requirements = folder / "packages", folder / "requirements.txt"
    packages.mkdir(parents=True)
    needed = sorted(choose(LOCK.read_text(encoding="utf-8"), describe_machine(platform, python)))
    requirements.write_text("\n".join(needed) + "\n", encoding="utf-8")
    download(requirements, packages, platform, python)
    shutil.copy(wheel, packages)
    name, version = wheel.name.split("-")[:2]
    own = f"{name.replace('_', '-')}=={version} \\\n    --hash=sha256:{hash_file(wheel)}"
    requirements.write_text("\n".join([*needed, own]) + "\n", encoding="utf-8")
    if (held := len(list(packages.iterdir()))) != len(needed) + 1:
        raise ReleaseError(f"{held} packages were fetched for {len(needed) + 1} requirements")
    shutil.copy(ROOT / "NOTICE.md", folder)
    meant = " ".join([system(), machine()]) if platform == HERE else platform
    told = HOW.format(platform=meant, python=python or f"{sys.version_info[0]}.{sys.version_info[1]}")
    (folder / "INSTALL.md").write_text(told, encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{hash_file(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


def find_wheel(out: Path) -> Path:
    """The wheel that `make wheel` left."""
    wheels = list(out.glob("stop_search_disparity-*.whl"))
    if len(wheels) != 1:
        raise ReleaseError(f"{out} holds {len(wheels)} wheels of the toolkit; run: make wheel")
    return wheels[0]


def main() -> None:
    """Make a bundle beside the wheel."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the folder of the wheel; the bundle is made in it")
    parser.add_argument("--platform", choices=[HERE, *PLATFORMS], default=HERE)
    parser.add_argument("--python", default="", help="such as 3.12; nothing said: the one that runs this")
    asked = parser.parse_args()
    name = "-".join(["bundle", *asked.platform.split()[-1:], *([f"py{asked.python}"] if asked.python else [])])
    folder = asked.out.resolve() / name
    shutil.rmtree(folder, ignore_errors=True)
    bundle(find_wheel(asked.out.resolve()), folder, asked.platform, asked.python)
    weight = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {len(list((folder / 'packages').iterdir()))} packages, {weight / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
