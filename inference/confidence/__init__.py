"""How far a structure that a model found can be believed, and why."""
