"""One module for each format that surfaces are written to; `planning.files.meshes` is the door to all of them."""
