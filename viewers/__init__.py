"""Pictures from data: panes and the 3D scene. They know a case and never change it."""
