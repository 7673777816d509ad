"""Structures that need no learning: body, lungs, bone, the aorta full of contrast, and edges the image itself shows."""
