"""Two writers and a reader that know each other by prefixes alone, which their environment gives them.

usage: prefixes.py write | prefixes.py read OUTCOME.json
"""

import json
import os
import sys
import traceback

import numpy as np
from smartredis import Client, Dataset
from smartredis.error import RedisReplyError

client = Client(None, logger_name="prefixes")


def write():
    number = float(os.environ["SSKEYOUT"].removeprefix("writer_"))
    client.put_tensor("field", np.full(3, number))
    dataset = Dataset("state")
    dataset.add_meta_scalar("number", number)
    dataset.add_tensor("values", np.full(2, number))
    client.put_dataset(dataset)
    client.append_to_list("states", dataset)
    client.use_tensor_ensemble_prefix(False)
    client.put_tensor(f"plain_{int(number)}", np.full(1, number))


def read():
    for number in (1.0, 2.0):
        client.set_data_source(f"writer_{int(number)}")
        client.use_tensor_ensemble_prefix(True)
        assert client.poll_tensor("field", 20, 500) and client.tensor_exists("field")
        assert client.get_tensor("field").tolist() == [number] * 3
        assert client.poll_dataset("state", 20, 500)
        state = client.get_dataset("state")
        assert state.get_meta_scalars("number") == [number]
        assert state.get_tensor("values").tolist() == [number] * 2
        assert client.poll_list_length("states", 1, 20, 500)
        # What a dataset gives is gone with it, so it is held.
        states = client.get_datasets_from_list("states")
        assert states[0].get_meta_scalars("number") == [number]
        assert client.key_exists(f"writer_{int(number)}.field")
        assert client.key_exists(f"writer_{int(number)}.{{state}}.meta")
        client.use_tensor_ensemble_prefix(False)
        assert client.poll_key(f"plain_{int(number)}", 20, 500)
        assert client.get_tensor(f"plain_{int(number)}").tolist() == [number]
    try:
        client.set_data_source("writer_3")
    except RedisReplyError:
        return
    raise AssertionError("a source that nobody named was taken")


if sys.argv[1] == "write":
    write()
else:
    try:
        read()
        outcome = "ok"
    except Exception:
        outcome = traceback.format_exc()
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(outcome, file)
