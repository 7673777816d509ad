"""Whole pages of the window before a case is open."""
