"""Panes that stand beside slices and 3D in a step of a plan."""
