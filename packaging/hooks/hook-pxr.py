"""OpenUSD finds its plugins by descriptions that lie beside its libraries."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("pxr", subdir="pluginfo")
