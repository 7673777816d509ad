"""Numbers: geometry, measurement, plans and cases. No Qt, no rendering, no torch."""
