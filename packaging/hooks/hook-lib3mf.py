"""lib3mf's bindings load their library by name from their own folder."""

from PyInstaller.utils.hooks import collect_dynamic_libs

binaries = collect_dynamic_libs("lib3mf")
