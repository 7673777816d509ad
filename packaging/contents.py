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
    "torch.onnx.operators",
    # compiled modules ask for it, which analysis cannot see
    "sklearn.neighbors._quad_tree",
    # the systems' keyrings; each says itself where it is not at home
    "keyring.backends.kwallet",
    "keyring.backends.SecretService",
    "keyring.backends.Windows",
    "keyring.backends.chainer",
    "keyring.backends.fail",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
    "keyring.backends.null",
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
    # OpenVINO's, which would tell of its use over a network; OpenVINO does without
    "openvino_telemetry",
    "setuptools",
    "pip",
    "pytest",
    "_pytest",
    "matplotlib",
    "mpl_toolkits",
    "pylab",
    "cycler",
    "networkx",
    "jinja2",
    "lxml",
    "chardet",
    "dask",
    "cupy",
    "trame",
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
    # OpenGL's classes for programs that draw with it by themselves; QtOpenGLWidgets asks for them and does without
    "PySide6.QtOpenGL",
    "PySide6.QtSql",
    "pyvista.trame",
    "pyvista._cli",
    "cyclopts",
    "rich",
    "pygments",
    "pyvista.examples",
    "skimage.data",
    "skimage.filters.rank",
    "skimage.restoration",
)
# parts of libraries that our imports never load, though other parts of the same libraries name them: 10 MB. A test imports
# all that our code imports and looks
NEVER_LOADED = (
    "imageio",
    "scipy.cluster",
    "scipy.io",
    "scipy.signal",
    "skimage.feature",
    "skimage.future",
    "skimage.io",
    "sklearn.cluster",
    "sklearn.datasets",
    "sklearn.gaussian_process",
    "sklearn.manifold",
    "sklearn.mixture",
    "sklearn.neural_network",
    "tifffile",
)

# of torch's compiler the modules that are imported with `torch._dynamo`, which a network asks for whose shapes are counted
# without numbers (`inference/needs.py`); a test holds the list
COMPILER = (
    "_functionalize_collectives",
    "analysis",
    "analysis.device_info",
    "config",
    "cpp_builder",
    "cpu_vec_isa",
    "cudagraph_utils",
    "custom_graph_pass",
    "exc",
    "runtime",
    "runtime.cache_dir_utils",
    "runtime.hints",
    "runtime.runtime_utils",
    "standalone_compile",
    "test_operators",
    "utils",
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
# highdicom's tables of the standard: those of images, segmentations, structured reports and presentation states that are
# read or could be written here; 12 MB tell of radiotherapy machines, ophthalmology and microscopes
DICOM_KINDS = re.compile(
    r"(enhanced-)?(ct|mr|secondary-capture)-image|positron-emission-tomography-image|multi-frame-true-color-.*-image"
    r"|(surface-)?segmentation|parametric-map|rt-structure-set|spatial-registration|encapsulated-(pdf|stl|obj|mtl)"
    r"|(enhanced|comprehensive|comprehensive-3d|basic-text)-sr|key-object-selection-document|.*-softcopy-presentation-state"
)
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


def compiler_excluded(folder: Path) -> list[str]:
    """Full names of the modules of torch's compiler, below its folder `torch/_inductor`, that are not carried."""
    there = (path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.py"))
    names = {place.removesuffix("/__init__").replace("/", ".") for place in there} - {"__init__"}
    return sorted(f"torch._inductor.{name}" for name in names - set(COMPILER))


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
