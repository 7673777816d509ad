"""Vessels: the way between two points, its centreline, sections and least diameters."""
