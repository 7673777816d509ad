"""Archives on the network: DICOM associations, queries, fetching, sending and receiving. No Qt."""
