"""The intruder: reads a published site as anybody could, and tries to learn more than its protected counts show.

Nothing but the files of the site is used, and the ledger or the sites of earlier editions, which are published too.
"""
