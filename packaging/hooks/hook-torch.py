"""What of torch is carried: the libraries that the processor needs, and the modules that analysis finds.

The contributed hook takes every module, header and test: 350 MB more than anything here loads.
"""

from pathlib import Path

from PyInstaller.utils.hooks import PY_DYLIB_PATTERNS, collect_dynamic_libs, get_package_paths

# torch reads the source of some of its modules while it is imported, so they are there as text as well
module_collection_mode = "pyz+py"
_TESTS = ("test", "aoti_custom", "backend_with_compiler", "jitbackend")
binaries = [
    (source, place)
    for source, place in collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
    if not any(word in source.rpartition("/")[2] for word in _TESTS) and "/torch/bin" not in source
]
# torch will not be imported without it
_manager = Path(get_package_paths("torch")[1]) / "bin" / "torch_shm_manager"
if _manager.is_file():
    binaries.append((str(_manager), "torch/bin"))
datas = []
hiddenimports = ["torch._C", "torch._VF"]
# links at the top level would make libtorch look for its neighbours in the wrong folder
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]
