"""TAVR planning: annulus, root, coronaries, calcium, projections and valve sizes from hinge points."""
