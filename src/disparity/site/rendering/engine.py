"""The engine that draws, with the fonts it brings along and none of the machine's (Linux; elsewhere it looks at both).

So a picture is the same on every machine. It is also drawn sooner: a font of the machine is opened again for every
letter, one of the engine's own lies in memory.
"""

import os
from functools import cache
from importlib.resources import as_file, files
from types import ModuleType

FONT_SETTINGS = "FONTCONFIG_FILE"  # the environment variable that names the file where fonts are listed
NOTHING = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@cache
def start_engine() -> ModuleType:
    """Start the engine; it looks for fonts once, when it first draws."""
    before = os.environ.get(FONT_SETTINGS)
    with as_file(files("disparity.site.rendering") / "fonts.conf") as settings:
        os.environ[FONT_SETTINGS] = str(settings)
        try:
            import vl_convert  # noqa: PLC0415  starts a script engine

            vl_convert.svg_to_png(NOTHING)
        finally:
            os.environ.pop(FONT_SETTINGS)
            if before is not None:
                os.environ[FONT_SETTINGS] = before
    return vl_convert
