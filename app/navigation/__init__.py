"""The window's line to a navigation system: a plan out, places of tools in, drawn over the panes."""
