"""From plain data (viewers/overlay.py) to what VTK draws: one module for each kind of thing."""
