"""The 3D view: camera, what stands in it, who draws it. Only `camera` and `painting` load without VTK."""
