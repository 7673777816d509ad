"""Liver, tumours and vessels from a portal-venous CT by a few clicks and strokes, without any model."""
