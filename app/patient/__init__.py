"""The patient's page: one file for a browser with the case's structures in 3D, in plain words, without identifiers."""
