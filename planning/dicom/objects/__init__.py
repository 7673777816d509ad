"""Results as DICOM objects: plain facts in, pydicom data sets out. Nothing here knows a case; `planning.case.dicom_out` does."""
