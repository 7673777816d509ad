"""What of OpenVINO is carried: the processor's plugin, and the readers of its own format and of torch's."""

from PyInstaller.utils.hooks import collect_dynamic_libs, collect_submodules

_UNUSED_LIBRARIES = (
    "intel_gpu",
    "intel_npu",
    "onnx_frontend",
    "tensorflow",
    "paddle",
    "gguf",
    "jax_frontend",
    "auto_plugin",
    "auto_batch",
    "hetero",
    "openvino_c.",
    "tbbmalloc_proxy",
)
_UNUSED_MODULES = (
    "openvino.tools.benchmark",
    "openvino.frontend.tensorflow",
    "openvino.frontend.paddle",
    "openvino.frontend.jax",
    "openvino.frontend.onnx",
    "openvino.experimental",
)
binaries = [
    (source, place)
    for source, place in collect_dynamic_libs("openvino", search_patterns=["*.so", "*.so.*", "*.dylib", "*.dll"])
    if not any(word in source for word in _UNUSED_LIBRARIES)
]
hiddenimports = collect_submodules("openvino", filter=lambda name: not name.startswith(_UNUSED_MODULES))
