"""Tensors of every type, from files to an orchestrator and back.

usage: tensors.py put FOLDER       puts each array of the folder by the client, under its name
       tensors.py make FOLDER      writes one array of each kind into the folder
       tensors.py compare A B      each array of A is in B, with the same type, shape and bytes
       tensors.py get FOLDER       gets each array of the folder by the client and compares
"""

import pathlib
import sys

import numpy as np

action, folder = sys.argv[1], pathlib.Path(sys.argv[2])
random = np.random.default_rng(7)


def make():
    for code in ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2"]:
        for number, shape in enumerate([(1,), (2, 3, 4)] if code == "f8" else [(2, 3, 4)]):
            size = int(np.prod(shape)) * np.dtype(code).itemsize
            array = np.frombuffer(random.bytes(size), dtype=f"<{code}").reshape(shape)
            np.save(folder / f"{code}_{number}.npy", array)
            np.save(folder / f"{code}_{number}_big_endian.npy", array.astype(f">{code}"))
            np.save(folder / f"{code}_{number}_columns.npy", np.asfortranarray(array))


def same(one, other):
    assert one.dtype.newbyteorder("=") == other.dtype.newbyteorder("="), f"{one.dtype} and {other.dtype}"
    assert one.shape == other.shape, f"{one.shape} and {other.shape}"
    order = [np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes() for array in (one, other)]
    assert order[0] == order[1], "other bytes"


def each(of):
    names = sorted(file.name for file in of.glob("*.npy"))
    assert names, f"nothing in {of}"
    return [(name.removesuffix(".npy"), np.load(of / name)) for name in names]


if action == "make":
    make()
elif action == "compare":
    for name, array in each(folder):
        same(array, np.load(pathlib.Path(sys.argv[3]) / f"{name}.npy"))
else:
    from smartredis import Client

    client = Client(None, logger_name="tensors")
    for name, array in each(folder):
        if action == "put":
            native = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("=")))
            client.put_tensor(name, native)
        else:
            same(client.get_tensor(name), array)
