"""Puts what a key browser has to show: a tensor, datasets with metadata of every type, a list of them, prefixed names."""

import os
import sys

import numpy as np
from smartredis import Client, Dataset

client = Client(None, logger_name="values")
client.put_tensor("plain", np.arange(24, dtype=np.float64).reshape(2, 3, 4))


def dataset(name):
    made = Dataset(name)
    made.add_tensor("t", np.arange(6, dtype=np.int16).reshape(2, 3))
    made.add_tensor("wörld", np.ones(2, dtype=np.float32))
    for value in [np.float64(1.5), np.float32(0.1), np.int32(-1), np.int64(2**62), np.uint32(5), np.uint64(2**63)]:
        made.add_meta_scalar(type(value).__name__, value)
    made.add_meta_string("text", "abc")
    made.add_meta_string("text", "é")
    return made


for name in ["weather", "climate"]:
    made = dataset(name)
    client.put_dataset(made)
    client.append_to_list("all", made)

os.environ["SSKEYOUT"] = "ens_0"
prefixed = Client(None, logger_name="prefixed")
prefixed.use_tensor_ensemble_prefix(True)
prefixed.use_dataset_ensemble_prefix(True)
prefixed.put_tensor("mine", np.zeros(3, dtype=np.uint8))
prefixed.put_dataset(dataset("inner"))
sys.exit(0)
