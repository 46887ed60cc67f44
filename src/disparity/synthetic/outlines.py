"""Outlines of four invented areas of fellshire, in open sea.

No number below is measured from anywhere. One of the force's map points lies in the inlet of Mossdale, in none of them.
"""

import json

# Corners in degrees, longitude first; the first corner closes the ring.
_MIDDLE = (-3.85, 53.76)
_NORTH = ((-3.84, 53.8), (-3.86, 53.88))
_EAST = ((-3.78, 53.74), (-3.72, 53.76))
_SOUTH = ((-3.84, 53.7), (-3.86, 53.62))
_WEST = ((-3.92, 53.78), (-3.98, 53.77))
_INLET = ((-3.9, 53.62), (-3.93, 53.7), (-3.94, 53.62))
OUTLINES = {
    "Cairnside": (_MIDDLE, *_SOUTH, (-3.72, 53.62), *reversed(_EAST)),
    "Eastwater": (_MIDDLE, *_EAST, (-3.72, 53.88), *reversed(_NORTH)),
    "Highfell": (_MIDDLE, *_NORTH, (-3.98, 53.88), *reversed(_WEST)),
    "Mossdale": (_MIDDLE, *_WEST, (-3.98, 53.62), *reversed(_INLET), *reversed(_SOUTH)),
}


def write_outlines() -> str:
    """Give the outlines as GeoJSON; `name` is the property that names them."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [[*corners, corners[0]]]},
        }
        for name, corners in OUTLINES.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")) + "\n"
