"""One file format a module: readers and writers of volumes, label maps and surfaces."""
