"""DICOM: what is in a folder, and one series of it as a volume. Files are read in a disposable child process."""
