"""The numbers behind every figure: intervals, tests and their kin, on arrays, knowing nothing of searches."""
