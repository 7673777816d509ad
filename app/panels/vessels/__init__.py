"""The steps of a vessel plan."""
