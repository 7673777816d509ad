"""Measurements taken by hand in any plane: what their points mean (`kinds`), a lumen's widths (`lumen`), what the image says
inside a region (`regions`, on the exact cover of `cover`), how sure a number is (`spread`) and how a typed one changes the
points (`typed`). Points are LPS mm, (N, 3).
"""
