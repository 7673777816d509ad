"""highdicom reads the standard's tables when an object is made; without them it imports and then fails."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("highdicom")
