"""A force beside others: funnel limits instead of league tables, ranks with their uncertainty, pooled figures.

Definitions, section 4, "Most similar group". Pooled figures are sums over sums, the force itself included,
never the mean of rates.
"""

from disparity.peers.compare import FEWEST_COMPARED, PEER_COLUMNS, compare_peers
from disparity.peers.pooled import POOLED_COLUMNS, pool_sets
from disparity.peers.rates import SEARCH_RATE_RATIO, gather_rates
from disparity.peers.sets import EVERY_FORCE, list_sets

__all__ = [
    "EVERY_FORCE",
    "FEWEST_COMPARED",
    "PEER_COLUMNS",
    "POOLED_COLUMNS",
    "SEARCH_RATE_RATIO",
    "compare_peers",
    "gather_rates",
    "list_sets",
    "pool_sets",
]
