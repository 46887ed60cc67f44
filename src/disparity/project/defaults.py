"""What comes with the package: expectations and page templates, and the example project."""

from importlib.resources import files
from pathlib import Path

CHECKOUT = Path(__file__).parents[3]


def default_folder(name: str) -> Path:
    """Where the package keeps its own `expectations` or `reports`: in the wheel, or at the top of a checkout."""
    in_wheel = Path(str(files("disparity"))) / "defaults" / name
    return in_wheel if in_wheel.exists() else CHECKOUT / name


def example_path(name: str) -> Path:
    """Where the package keeps the example's project file and `data`: in the wheel, or at the top of a checkout."""
    in_wheel = Path(str(files("disparity"))) / "defaults" / "example"
    return (in_wheel if in_wheel.exists() else CHECKOUT) / name
