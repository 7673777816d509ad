"""What libraries of others hold inside their own files: plain data, read by tools/bundle_parts.py and by its test.

A wheel's licence often speaks only of its own work, while parts of others are linked into it. Their texts lie in
licences/inside, as Debian collects them for the same works or as their makers publish them. Where the wheel brings the
texts itself, none is named here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inner:
    """A part of a package's part: its name, its licence (SPDX where there is a name), names of texts in licences/inside.

    A text "Apache-2.0" is the project's own LICENSE, which is that licence.
    """

    name: str
    licence: str
    texts: tuple[str, ...] = ()


_VTK = (
    Inner("DICOMParser", "BSD-3-Clause", ("vtk.txt",)),
    Inner("diy2", "BSD-3-Clause", ("vtk.txt",)),
    Inner("eigen", "MPL-2.0", ("eigen.txt",)),
    Inner("expat", "MIT", ("expat.txt",)),
    Inner("exprtk", "MIT", ("exprtk.txt",)),
    Inner("fast_float", "MIT", ("fast_float.txt",)),
    Inner("fmt", "MIT", ("fmt.txt",)),
    Inner("freetype", "FTL", ("freetype.txt",)),
    Inner("glad", "MIT AND Apache-2.0", ("glad.txt", "Apache-2.0")),
    Inner("jpeg", "IJG AND BSD-3-Clause AND Zlib", ("libjpeg-turbo.txt",)),
    Inner("jsoncpp", "MIT", ("jsoncpp.txt",)),
    Inner("kissfft", "BSD-3-Clause", ("kissfft.txt",)),
    Inner("loguru", "Unlicense", ("vtk.txt",)),
    Inner("lz4", "BSD-2-Clause", ("lz4.txt",)),
    Inner("lzma", "0BSD", ("liblzma.txt",)),
    Inner("metaio", "Apache-2.0", ("vtk.txt", "Apache-2.0")),
    Inner("nlohmann-json", "MIT", ("nlohmann-json.txt",)),
    Inner("pegtl", "MIT", ("pegtl.txt",)),
    Inner("png", "libpng-2.0", ("libpng.txt",)),
    Inner("pugixml", "MIT", ("pugixml.txt",)),
    Inner("scn", "Apache-2.0", ("Apache-2.0",)),
    Inner("sys", "BSD-3-Clause", ("vtk.txt",)),
    Inner("tiff", "libtiff", ("libtiff.txt",)),
    Inner("token", "BSD-3-Clause", ("token.txt",)),
    Inner("utf8", "BSL-1.0", ("utfcpp.txt",)),
    Inner("verdict", "BSD-3-Clause", ("verdict.txt",)),
    Inner("zlib", "Zlib", ("zlib.txt",)),
)
# what VTK's wheel names like a library of others and is its own: a bridge to the system's X11
VTKS_OWN = ("x11",)

_SIMPLEITK = (
    Inner("ITK", "Apache-2.0", ("itk.txt", "Apache-2.0")),
    Inner("DICOMParser", "BSD-4-Clause", ("itk.txt",)),
    Inner("double-conversion", "BSD-3-Clause", ("double-conversion.txt",)),
    Inner("eigen", "MPL-2.0", ("eigen.txt",)),
    Inner("expat", "MIT", ("expat.txt",)),
    Inner("GDCM", "BSD-3-Clause", ("gdcm.txt",)),
    Inner("gifticlib", "public domain", ("itk.txt",)),
    Inner("HDF5", "HDF5", ("hdf5.txt",)),
    Inner("KWSys", "BSD-3-Clause", ("itk.txt",)),
    Inner("libjpeg-turbo", "IJG AND BSD-3-Clause AND Zlib", ("libjpeg-turbo.txt",)),
    Inner("libLBFGS", "MIT", ("liblbfgs.txt",)),
    Inner("libpng", "libpng-2.0", ("libpng.txt",)),
    Inner("libtiff", "libtiff", ("libtiff.txt",)),
    Inner("MetaIO", "BSD-3-Clause", ("itk.txt",)),
    Inner("MINC", "BSD-like", ("minc.txt",)),
    Inner("netlib", "public domain", ("itk.txt",)),
    Inner("niftilib", "public domain", ("nifti.txt",)),
    Inner("NrrdIO", "Zlib", ("itk.txt",)),
    Inner("OpenJPEG", "BSD-2-Clause", ("openjpeg.txt",)),
    Inner("VXL", "BSD-3-Clause", ("itk.txt",)),
    Inner("zlib", "Zlib", ("zlib.txt",)),
)

_QT = (
    Inner("double-conversion", "BSD-3-Clause", ("qt.txt",)),
    Inner("freetype", "FTL", ("qt.txt",)),
    Inner("harfbuzz", "MIT", ("qt.txt",)),
    Inner("ICU", "Unicode-3.0", ("icu.txt",)),
    Inner("libjpeg-turbo", "IJG AND BSD-3-Clause AND Zlib", ("qt.txt",)),
    Inner("libpng", "libpng-2.0", ("qt.txt",)),
    Inner("md4c", "MIT", ("qt.txt",)),
    Inner("pcre2", "BSD-3-Clause", ("pcre2.txt",)),
    Inner("tinycbor", "MIT", ("qt.txt",)),
    Inner("Wayland-protocols", "MIT", ("qtwayland.txt",)),
    Inner("Unicode-data", "Unicode-3.0", ("qt.txt",)),
    Inner("zlib", "Zlib", ("zlib.txt",)),
)

# of what torch's wheel brings texts for, those parts that its build for the processor holds (`torch.__config__.show()`),
# and Intel's mathematics, for which it brings none
_TORCH = (
    Inner("cpuinfo", "BSD-2-Clause"),
    Inner("eigen", "MPL-2.0", ("eigen.txt",)),
    Inner("fbgemm", "BSD-3-Clause"),
    Inner("flatbuffers", "Apache-2.0"),
    Inner("fmt", "MIT"),
    Inner("FP16", "MIT"),
    Inner("FXdiv", "MIT"),
    Inner("gloo", "BSD-3-Clause"),
    Inner("ideep", "MIT"),
    Inner("kineto", "BSD-3-Clause"),
    Inner("miniz", "MIT"),
    Inner("mkl", "Intel Simplified Software License", ("mkl.txt", "mkl-third-party-programs.txt")),
    Inner("NNPACK", "BSD-2-Clause"),
    Inner("nlohmann-json", "MIT", ("nlohmann-json.txt",)),
    Inner("oneDNN", "Apache-2.0"),
    Inner("onnx", "Apache-2.0"),
    Inner("protobuf", "BSD-3-Clause"),
    Inner("pthreadpool", "BSD-2-Clause"),
    Inner("pybind11", "BSD-3-Clause"),
    Inner("sleef", "BSL-1.0"),
    Inner("tensorpipe", "BSD-3-Clause"),
    Inner("XNNPACK", "BSD-3-Clause"),
)

# package (as the index spells it, with "_") → what lies inside
INSIDE: dict[str, tuple[Inner, ...]] = {
    "vtk": _VTK,
    "simpleitk": _SIMPLEITK,
    "pyside6_essentials": _QT,
    "torch": _TORCH,
    "cryptography": (Inner("OpenSSL", "Apache-2.0", ("Apache-2.0",)),),
    "sqlcipher3": (
        Inner("OpenSSL", "Apache-2.0", ("Apache-2.0",)),
        Inner("SQLCipher", "BSD-3-Clause", ("sqlcipher.txt",)),
        Inner("SQLite", "public domain", ("sqlcipher.txt",)),
    ),
    "lib3mf": (Inner("libzip", "BSD-3-Clause", ("libzip.txt",)), Inner("zlib", "Zlib", ("zlib.txt",))),
    "manifold3d": (
        Inner("Clipper2", "BSL-1.0", ("clipper2.txt",)),
        Inner("oneTBB", "Apache-2.0", ("Apache-2.0",)),
    ),
    "pyyaml": (Inner("libyaml", "MIT", ("libyaml.txt",)),),
    "zstandard": (Inner("zstd", "BSD-3-Clause", ("zstd.txt",)),),
    "dracopy": (Inner("draco", "Apache-2.0", ("Apache-2.0",)),),
}

# what a wheel's own bill of materials names and its files do not hold (`PIL.features.check`), or what never is carried
NOT_INSIDE: dict[str, tuple[str, ...]] = {"pillow": ("libimagequant", "fribidi", "libavif")}
