"""Published tables become sentences, charts and pages, and the folder they are served from.

In: published tables. Out: the site, swapped in whole, and the scrutiny pack; every figure on a page names its cell of
`data/`. Touches: reads templates, draws and keeps pictures, writes the site. `intruder` reads a finished site as
anybody could, and tries to learn more than it may show.
"""
