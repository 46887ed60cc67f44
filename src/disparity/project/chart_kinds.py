"""As which kinds of file charts are published."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

SVG, PNG = "svg", "png"


def _has_svg(kinds: list[str]) -> list[str]:
    """A PNG is painted from the SVG, and the audit of a site holds it against that."""
    if SVG not in kinds or len(set(kinds)) != len(kinds):
        raise ValueError('write ["svg"] or ["svg", "png"]')
    return kinds


ChartKinds = Annotated[list[Literal["svg", "png"]], AfterValidator(_has_svg)]
CHARTS: Any = Field(
    [SVG],
    description="As which files each chart can be downloaded: “svg”, and “png” where pictures must go where SVG "
    "cannot. PNG files are most of the weight of a site.",
)
