"""A case: images, structures and plans of one patient, its commands, journal and file."""
