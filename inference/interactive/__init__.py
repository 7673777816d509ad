"""Segmentation by strokes: one interface for the program's own engine and for networks that take prompts."""
