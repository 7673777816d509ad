"""Printable models: parts, checks, and proof on the file as read back."""
