"""Charts drawn from their specifications: SVG for the page, SVG and PNG as files of their own.

It loads nothing but the renderer: processes that draw aside start fast.
"""
