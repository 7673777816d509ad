"""Plans to navigation systems and tools from them, by OpenIGTLink."""
