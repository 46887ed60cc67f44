"""Stop-and-search disparity analysis: search records → counts → estimates → pages.

    import disparity as ds

    records = ds.read("records/", forces=["lancashire"], months=("2019-04", "2020-03"))
    ds.check(records)
    counts = ds.count(records)
    people = ds.residents()
    ds.compare(ds.estimates(counts, residents=people), counts, residents=people)
    ds.build("disparity.toml")

docs/python.md describes every function and column. Names are loaded when they are first asked for.
"""

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from disparity import statistics
    from disparity.pipeline.notebook import (
        Counts,
        Records,
        build,
        check,
        compare,
        count,
        estimates,
        publish,
        read,
        reasons,
        residents,
    )
    from disparity.pipeline.plan import plan
    from disparity.site.writing import Site
    from disparity.vocabulary.errors import DataError, DisclosureError, DisparityError, RequestError

__version__ = "0.1.0"
__all__ = [
    "Counts",
    "DataError",
    "DisclosureError",
    "DisparityError",
    "Records",
    "RequestError",
    "Site",
    "build",
    "check",
    "compare",
    "count",
    "estimates",
    "plan",
    "publish",
    "read",
    "reasons",
    "residents",
    "statistics",
]


HOMES = {
    "plan": "disparity.pipeline.plan",
    "statistics": "disparity.statistics",
    "Site": "disparity.site.writing",
}


if not TYPE_CHECKING:  # a type checker is to know a wrong name

    def __getattr__(name: str) -> Any:
        """Load a public name: the command line and the errors wait for no library that they do not need."""
        if name not in __all__:
            raise AttributeError(f"module 'disparity' has no attribute {name!r}")
        if name.endswith("Error"):
            return getattr(import_module("disparity.vocabulary.errors"), name)
        # Whole, so that `statistics.intervals` is there whatever was asked for before.
        for module in pkgutil.iter_modules(import_module("disparity.statistics").__path__, "disparity.statistics."):
            import_module(module.name)
        home = import_module(HOMES.get(name, "disparity.pipeline.notebook"))
        return home if name == "statistics" else getattr(home, name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
