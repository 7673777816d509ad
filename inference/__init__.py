"""Local models: planes of voxels in, label maps with confidence out."""
