"""Reads the files of runs as their users do: VTK, meshio, pandas and NumPy.

Arguments: the folder of a run with images and heads, and the same run with hexahedra and plain tables, both
with a series of states.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

import meshio
import numpy
import pandas
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkIOXML import vtkXMLImageDataReader, vtkXMLUnstructuredGridReader

image_folder, mesh_folder = Path(sys.argv[1]), Path(sys.argv[2])
ARRAYS = ["kind", "growth_mode", "patch", "birth_mah_cm2", "film_nm"]


def by_vtk(path):
    reader = vtkXMLImageDataReader() if path.suffix == ".vti" else vtkXMLUnstructuredGridReader()
    reader.SetFileName(str(path))
    reader.Update()
    grid = reader.GetOutput()
    data = grid.GetCellData()
    values = {name: vtk_to_numpy(data.GetArray(name)) for name in ARRAYS}
    assert len(values["kind"]) == grid.GetNumberOfCells() > 0, path
    return grid, values


image, sites = by_vtk(image_folder / "state.vti")
grid, cells = by_vtk(mesh_folder / "state.vtu")
mesh = meshio.read(mesh_folder / "state.vtu")
solid = sites["kind"] > 0
assert 0 < solid.sum() < len(solid)
assert numpy.bincount(sites["kind"])[1] > 1000, "no metal"
for name in ARRAYS:
    assert (sites[name][solid] == cells[name]).all(), name
    assert (cells[name] == mesh.cell_data[name][0]).all(), name
assert image.GetBounds()[:5] == grid.GetBounds()[:5]
(block,) = mesh.cells
assert block.type == "hexahedron"
corners = mesh.points[block.data]
across = numpy.cross(corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0])
volumes = (across * (corners[:, 4] - corners[:, 0])).sum(axis=1)
assert numpy.allclose(volumes, numpy.prod(image.GetSpacing()))

for folder in image_folder, mesh_folder:
    states = ElementTree.parse(folder / "states.pvd").findall("Collection/DataSet")
    times = [float(state.get("timestep")) for state in states]
    metal = [(by_vtk(folder / state.get("file"))[1]["kind"] == 1).sum() for state in states]
    assert len(states) == 3 and times == sorted(times) and metal == sorted(metal), (times, metal)

for name in "metrics.csv", "profile.csv":
    table = pandas.read_csv(image_folder / name, comment="#")
    assert table.equals(pandas.read_csv(mesh_folder / name)), name
    plain = numpy.genfromtxt(mesh_folder / name, delimiter=",", names=True)
    with open(image_folder / name, encoding="utf-8") as lines:
        body = (line for line in lines if not line.startswith("#"))
        headed = numpy.genfromtxt(body, delimiter=",", names=True)
    assert plain.dtype.names == headed.dtype.names == tuple(table.columns), name
    for column in table.select_dtypes("number"):
        for values in plain[column], headed[column]:
            assert numpy.array_equal(values, table[column].to_numpy(float), equal_nan=True), (name, column)
assert len(table) > 10
print(f"{len(ARRAYS)} arrays of {len(solid)} sites, {len(states)} states, tables")
