"""Access: the arteries from the groin, the arm and the neck to the heart, measured for a sheath."""
