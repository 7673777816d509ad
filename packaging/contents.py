"""What an installed Theatrum carries and what it never does: plain data and rules, read by the spec and by its test."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
OWN_PACKAGES = ("app", "assets", "inference", "planning", "viewers")
# a command of its own that the program never loads
NOT_OURS = ("inference.training",)

# modules that are asked for by name at run time, so that no import tells of them
HIDDEN = (
    "pylibjpeg",
    "openjpeg",
    "jpeg_ls",
    "_CharLS",
    "PySide6.QtSvg",
    "scipy._lib.array_api_compat.numpy.fft",
    "DracoPy",
)
# of OpenUSD's parts those that `planning/files/mesh_formats/usdz.py` asks for, and those that they load
USD_MODULES = (
    "Ar", "Gf", "Kind", "Pcp", "Plug", "Sdf", "Sdr", "Tf", "Trace", "Ts", "Usd", "UsdGeom", "UsdShade", "Vt", "Work",
)  # fmt: skip

# what libraries would like to have and this program never uses. readline is under the GPL and must not be inside.
EXCLUDED = (
    "readline",
    "tkinter",
    "curses",
    "IPython",
    "pandas",
    "setuptools",
    "pip",
    "pytest",
    "_pytest",
    "matplotlib",
    "fontTools",
    "networkx",
    "jinja2",
    "lxml",
    "chardet",
    "dask",
    "cupy",
    "trame",
    "torch._inductor",
    "torch.utils.tensorboard",
    "torch.utils.benchmark",
    "scipy.datasets",
    "PIL.ImageTk",
    "PIL._avif",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtPdf",
    "PySide6.QtDesigner",
    "PySide6.QtNetwork",
    "PySide6.QtSql",
    "PySide6.QtTest",
    "pyvista.trame",
    "pyvista.examples",
    "skimage.data",
    "skimage.filters.rank",
    "skimage.restoration",
)

# Libraries that must come from the computer the program runs on: its graphics drivers are built against its own ones, and
# an older C++ run-time library than theirs ends the process. Each is named in the .deb's Depends.
SYSTEM = (
    r"libstdc\+\+",
    r"libgcc_s",
    r"libX11",
    r"libXau",
    r"libXdmcp",
    r"libXext",
    r"libXrender",
    r"libXi\.",
    r"libXcursor",
    r"libXfixes",
    r"libXrandr",
    r"libXinerama",
    r"libXt\.",
    r"libxcb\.so",
    r"libxcb-(render|shm|glx|dri|present|sync|xfixes|randr|shape)\.so",
    r"libGL",
    r"libEGL",
    r"libOpenGL",
    r"libOSMesa",
    r"libdrm",
    r"libgbm",
    r"libwayland",
    r"libglib-",
    r"libgobject-",
    r"libgthread-",
    r"libgmodule-",
    r"libgio-",
    r"libfontconfig",
    r"libfreetype",
    r"libexpat",
    r"libdbus",
    r"libsystemd",
    r"libudev",
    r"libz\.so",
    r"libzstd",
    r"libbrotli",
    r"libpng16",
    r"libcups",
    r"libgnutls",
    r"libavahi",
    r"libcairo",
    r"libpango",
    r"libgtk",
    r"libgdk",
    r"libatk",
    r"libreadline",
    r"libtinfo",
    r"libncurses",
    r"ld-linux",
    r"lib(c|m|dl|rt|pthread|util|resolv)\.so",
)
_SYSTEM = re.compile(r"^(?:" + "|".join(SYSTEM) + ")")

QT_PLUGINS = (
    "platforms/libqxcb",
    "platforms/libqwayland",
    "platforms/libqoffscreen",
    "platforms/libqminimal.so",
    "xcbglintegrations/",
    "iconengines/",
    "imageformats/libqgif",
    "imageformats/libqico",
    "imageformats/libqjpeg",
    "imageformats/libqsvg",
    "platforminputcontexts/libcompose",
    "platforminputcontexts/libibus",
    "wayland-shell-integration/libxdg-shell",
    "wayland-shell-integration/libqt-shell",
    "wayland-graphics-integration-client/",
    "wayland-decoration-client/",
    "platforms/qwindows",
    "platforms/qoffscreen",
    "styles/",
    "imageformats/q",
    "platforms/libqcocoa",
)
# what these wheels carry was moved about by their tools, and stripping breaks it
NEVER_STRIPPED = ("numpy.libs/", "scipy.libs/", "pillow.libs/", "fast_simplification.libs/")

# of these packages nothing loads the parts below; their own modules do without
UNUSED_PLACES = (
    "openvino/frontend/tensorflow/",
    "openvino/frontend/paddle/",
    "openvino/frontend/jax/",
    "openvino/frontend/onnx/",
    "skimage/filters/rank/",
    "skimage/restoration/",
    "torch/include/",
    "torch/share/",
    "torch/test/",
)
UNUSED_OPENVINO = ("gpu", "npu", "onnx", "tensorflow", "paddle", "gguf", "jax", "auto_plugin", "auto_batch", "hetero")
# torch reads the text of those of its modules while they are imported; of all others the compiled form is enough
READ_AS_TEXT = re.compile(
    r"install_config_module\(|jit\.script|@_overload|_overload|script_if_tracing|@torch\.jit|boolean_dispatch"
)


def from_the_system(name: str) -> bool:
    """Whether a library of this file name is never carried."""
    return _SYSTEM.match(name.rpartition("/")[2]) is not None


def is_wanted(place: str, languages: Iterable[str]) -> bool:
    """Whether a file that the analysis found, by its place in the folder, goes into the installed program."""
    place = place.replace("\\", "/")
    name = place.rpartition("/")[2]
    # what a wheel brought in a folder of its own goes by another name (libfreetype-5bb46249.so) and disturbs nobody
    if from_the_system(name) and ".libs/" not in place:
        return False
    if place.startswith("pxr/"):
        return place.count("/") == 1 or place.split("/")[1] in (*USD_MODULES, "pluginfo")
    if "/Qt/plugins/" in place or "/PySide6/plugins/" in place:
        inside = place.partition("plugins/")[2]
        return inside.startswith(QT_PLUGINS)
    if "/translations/" in place and place.startswith("PySide6"):
        return any(name == f"qtbase_{language}.qm" for language in languages)
    if place.startswith("PySide6/Qt/") and ("/qml/" in place or "/libexec/" in place or "/metatypes/" in place):
        return False
    if place.startswith("openvino/libs/"):
        return not any(word in name for word in UNUSED_OPENVINO)
    # scikit-image reads its stubs while it runs; for the others they are for editors only
    is_stub = place.endswith(".pyi") and place.startswith(("torch/", "openvino/", "pxr/"))
    return not place.startswith(UNUSED_PLACES) and not is_stub


def vtk_modules() -> set[str]:
    """The parts of VTK that are carried."""
    lines = (HERE / "vtk_modules.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def vtk_excluded(folder: Path) -> list[str]:
    """Full names of the parts of VTK in its package's folder that are not carried."""
    there = {path.name.partition(".")[0] for path in folder.glob("vtk*.*") if path.suffix in (".so", ".pyd")}
    packages = {
        path.name
        for path in folder.iterdir()
        if path.is_dir() and path.name in ("gtk", "tk", "wx", "web", "qt", "test")
    }
    return sorted(f"vtkmodules.{name}" for name in (there | packages) - vtk_modules())


def mac_description(version: str) -> dict[str, object]:
    """What macOS reads about the program: its version, its cases and how they open."""
    return {
        "CFBundleShortVersionString": version,
        "LSMinimumSystemVersion": "12.0",
        "NSHighResolutionCapable": True,
        "LSApplicationCategoryType": "public.app-category.medical",
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Theatrum case",
                "CFBundleTypeRole": "Editor",
                "LSItemContentTypes": ["org.theatrum.case"],
                "LSHandlerRank": "Owner",
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": "org.theatrum.case",
                "UTTypeDescription": "Theatrum case",
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {"public.filename-extension": ["theatrum"]},
            }
        ],
    }
