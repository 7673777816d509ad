"""vmtk's own centreline of a closed surface, for a comparison of speed. Run by `bench_vessel.py`, in an interpreter that has vmtk.

    python vmtk_centerline.py SURFACE.npz

SURFACE.npz: points_mm (N, 3), triangles (M, 3), ends_mm (2, 3) near the centreline's ends. Prints processor seconds (the
least of three), length in mm and points of the line as JSON. The steps are those of the script `vmtkcenterlines` with
its own defaults, without reading, cleaning or rendering.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from vmtk import vtkvmtk
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkIdList, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData


def _surface(points_mm: np.ndarray, triangles: np.ndarray) -> vtkPolyData:
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(points_mm), deep=1))
    cells = vtkCellArray()
    cells.SetData(3, numpy_to_vtkIdTypeArray(np.ascontiguousarray(triangles, dtype=np.int64).ravel(), deep=1))
    surface = vtkPolyData()
    surface.SetPoints(points)
    surface.SetPolys(cells)
    return surface


def _seed(points_mm: np.ndarray, end_mm: np.ndarray) -> vtkIdList:
    seeds = vtkIdList()
    seeds.InsertNextId(int(np.argmin(np.linalg.norm(points_mm - end_mm, axis=1))))
    return seeds


def centerline(surface: vtkPolyData, source: vtkIdList, target: vtkIdList) -> np.ndarray:
    """(N, 3) from target to source along the Voronoi diagram of the surface, which the filter makes itself."""
    lines = vtkvmtk.vtkvmtkPolyDataCenterlines()
    lines.SetInputData(surface)
    lines.SetSourceSeedIds(source)
    lines.SetTargetSeedIds(target)
    lines.SetRadiusArrayName("MaximumInscribedSphereRadius")
    lines.SetCostFunction("1/R")
    lines.SetAppendEndPointsToCenterlines(0)
    lines.Update()
    return vtk_to_numpy(lines.GetOutput().GetPoints().GetData())


def main() -> None:
    """One line of JSON."""
    data = np.load(sys.argv[1])
    points, ends = data["points_mm"], data["ends_mm"]
    surface = _surface(points, data["triangles"])
    best = np.inf
    for _ in range(3):
        start = time.process_time()
        line = centerline(surface, _seed(points, ends[0]), _seed(points, ends[1]))
        best = min(best, time.process_time() - start)
    length = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())
    print(json.dumps({"seconds": best, "length_mm": length, "points": len(line)}))


if __name__ == "__main__":
    main()
