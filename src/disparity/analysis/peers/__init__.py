"""A force beside others: funnel limits instead of league tables, ranks with their uncertainty, pooled figures.

Definitions, section 4, "Most similar group". Pooled figures are sums over sums, the force itself included,
never the mean of rates.
"""
