"""VTK's surfaces, its writer of .vtp, and its readers of .stl, .ply, .obj and .vtp."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planning.errors import InputError
from planning.files.mesh_formats.objects import MeshObject
from planning.mesh import SurfaceMesh

READABLE = (".stl", ".obj", ".ply", ".vtp")


def vtk_surface(mesh: SurfaceMesh) -> Any:
    """A vtkPolyData with copies of the points and triangles."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(mesh.points_mm), deep=True))
    cells = vtkCellArray()
    cells.SetData(3, numpy_to_vtkIdTypeArray(mesh.triangles.astype(np.int64).reshape(-1), deep=True))
    surface = vtkPolyData()
    surface.SetPoints(points)
    surface.SetPolys(cells)
    return surface


def write_vtp(path: Path, objects: Sequence[MeshObject]) -> None:
    """One object in LPS mm."""
    from vtkmodules.vtkIOXML import vtkXMLPolyDataWriter

    (item,) = objects
    writer = vtkXMLPolyDataWriter()
    # in memory first: on a full disk VTK's own file writing tells nothing and leaves half a file
    writer.WriteToOutputStringOn()
    writer.SetInputData(vtk_surface(item.mesh))
    writer.Write()
    path.write_text(writer.GetOutputString(), encoding="utf-8", newline="\n")


def read(path: Path) -> SurfaceMesh:
    """The file's triangles as one surface, in its own coordinates.

    Raises InputError for another ending, and for a file that holds no triangles that can be read.
    """
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkObject
    from vtkmodules.vtkFiltersCore import vtkTriangleFilter
    from vtkmodules.vtkIOGeometry import vtkOBJReader, vtkSTLReader
    from vtkmodules.vtkIOPLY import vtkPLYReader
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

    makers: dict[str, Any] = {
        ".stl": vtkSTLReader,
        ".obj": vtkOBJReader,
        ".ply": vtkPLYReader,
        ".vtp": vtkXMLPolyDataReader,
    }
    vtkObject.GlobalWarningDisplayOff()
    reader = makers[path.suffix.lower()]()
    reader.SetFileName(str(path))
    triangles = vtkTriangleFilter()
    triangles.SetInputConnection(reader.GetOutputPort())
    triangles.PassVertsOff()
    triangles.PassLinesOff()
    triangles.Update()
    output = triangles.GetOutput()
    if not output.GetNumberOfPolys():
        raise InputError(f"{path.name} holds no surface or is damaged", "Write it again", "mesh")
    points = vtk_to_numpy(output.GetPoints().GetData()).astype(np.float64)
    corners = vtk_to_numpy(output.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    return SurfaceMesh(points, corners)
