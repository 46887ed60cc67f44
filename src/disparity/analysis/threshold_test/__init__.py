"""The threshold test: how sure officers are before they search, by ethnic group. A research command, no part of a site.

It needs what search records do not hold: the stops that did not lead to a search.
"""
