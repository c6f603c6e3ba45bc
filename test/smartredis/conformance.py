"""Everything that the SmartRedis client offers without models and scripts, against the orchestrator of its environment.

usage: conformance.py OUTCOME.json [--may-configure]

It knows nothing of SmartSim Workbench. Each check is a function; what became of each is written as JSON: its name and
"ok", or what went wrong. So are the methods of the client that were called.
"""

import inspect
import json
import os
import sys
import traceback

import numpy as np
from smartredis import (
    Client,
    ConfigOptions,
    Dataset,
    DatasetConverter,
    LLInfo,
    LogContext,
    log_data,
    log_error,
    log_warning,
)
from smartredis.error import RedisReplyError

clustered = os.environ["SR_DB_TYPE"] == "Clustered"
addresses = os.environ["SSDB"].split(",")
called = set()


def methods_of(kind):
    return [name for name in dir(kind) if not name.startswith("_")]


def note_calls(kind):
    """Notes which public methods of a class are called, and changes nothing else."""

    def note(name, attribute):
        method = getattr(attribute, "__func__", attribute)

        def noting(*args, **kwargs):
            called.add(f"{kind.__name__}.{name}")
            return method(*args, **kwargs)

        bound = isinstance(attribute, (staticmethod, classmethod))
        setattr(kind, name, type(attribute)(noting) if bound else noting)

    for name in methods_of(kind):
        note(name, inspect.getattr_static(kind, name))


classes = [Client, ConfigOptions, Dataset, DatasetConverter, LogContext]
for each in classes:
    note_calls(each)
client = Client(None, logger_name="conformance")

types = [np.float64, np.float32, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16]
shapes = [(1,), (7,), (2, 3), (1, 1, 1), (4, 1, 3, 2), (1, 2, 1, 2, 1, 2, 1, 2)]
random = np.random.default_rng(20)


def array_of(kind, shape):
    """Any bits at all: NaNs with payloads, infinities, denormal numbers, the smallest and largest integers."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    return np.frombuffer(random.bytes(size), dtype=kind).reshape(shape).copy()


def assert_same(read, written):
    assert read.dtype == written.dtype, f"{read.dtype} instead of {written.dtype}"
    assert read.shape == written.shape, f"{read.shape} instead of {written.shape}"
    assert read.tobytes() == written.tobytes(), "other bytes"


def assert_refused(call, *args):
    try:
        call(*args)
    except RedisReplyError:
        return
    raise AssertionError(f"{call.__name__}{args} was not refused")


def tensors_of_all_types_and_shapes():
    for kind in types:
        for shape in shapes:
            name = f"t_{np.dtype(kind).name}_{'x'.join(map(str, shape))}"
            written = array_of(kind, shape)
            client.put_tensor(name, written)
            assert_same(client.get_tensor(name), written)


def tensors_that_are_not_contiguous():
    # Views alone: of an array that owns its memory the client sends the memory as it lies, in whatever order.
    base = np.arange(4 * 6 * 5, dtype=np.float64).reshape(4, 6, 5)
    for index, view in enumerate(
        [base[::2], base[:, 1:4, ::2], base.T, base[::-1], np.swapaxes(base, 0, 2)]
    ):
        client.put_tensor(f"view_{index}", view)
        read = client.get_tensor(f"view_{index}")
        assert read.shape == view.shape and np.array_equal(read, view)


def tensors_that_are_large():
    written = array_of(np.float32, (16, 512, 256))
    client.put_tensor("large", written)
    assert_same(client.get_tensor("large"), written)
    client.delete_tensor("large")


def tensors_that_are_replaced_by_others():
    client.put_tensor("replaced", np.zeros(10, dtype=np.int8))
    written = array_of(np.float64, (3, 3))
    client.put_tensor("replaced", written)
    assert_same(client.get_tensor("replaced"), written)


def keys_of_any_bytes():
    for name in ["ä ö", "a" * 1000, "{tag}.x", "with space", "new\nline"]:
        written = array_of(np.int16, (5,))
        client.put_tensor(name, written)
        assert_same(client.get_tensor(name), written)


def tensors_copied_renamed_and_deleted():
    for number in range(8):
        source, copy, moved = f"source_{number}", f"copy_{number}", f"moved_{number}"
        written = array_of(np.int32, (2, number + 1))
        client.put_tensor(source, written)
        client.copy_tensor(source, copy)
        assert_same(client.get_tensor(copy), written)
        assert_same(client.get_tensor(source), written)
        client.rename_tensor(copy, moved)
        assert_same(client.get_tensor(moved), written)
        assert not client.tensor_exists(copy)
        client.delete_tensor(moved)
        assert not client.key_exists(moved)


def what_exists_and_is_waited_for():
    client.put_tensor("there", np.ones(1))
    assert client.tensor_exists("there") and client.key_exists("there")
    assert not client.tensor_exists("nowhere") and not client.key_exists("nowhere")
    assert client.poll_tensor("there", 10, 3) and client.poll_key("there", 10, 3)
    assert not client.poll_tensor("nowhere", 10, 3) and not client.poll_key("nowhere", 10, 3)


def dataset_named(name):
    dataset = Dataset(name)
    for kind in [np.float64, np.float32, np.int32, np.int64, np.uint32, np.uint64]:
        field = f"scalars_{np.dtype(kind).name}"
        for value in array_of(kind, (3,)):
            dataset.add_meta_scalar(field, kind(value))
    dataset.add_meta_scalar("python_int", -5)
    dataset.add_meta_scalar("python_float", 0.1)
    for text in ["plain", "", "größe ✓", "two\nlines"]:
        dataset.add_meta_string("texts", text)
    for kind in types:
        dataset.add_tensor(f"tensor_{np.dtype(kind).name}", array_of(kind, (2, 3)))
    return dataset


def assert_same_dataset(read, written):
    assert sorted(read.get_metadata_field_names()) == sorted(written.get_metadata_field_names())
    for field in written.get_metadata_field_names():
        assert read.get_metadata_field_type(field) == written.get_metadata_field_type(field)
        if field == "texts":
            assert read.get_meta_strings(field) == written.get_meta_strings(field)
        else:
            assert_same(np.asarray(read.get_meta_scalars(field)), np.asarray(written.get_meta_scalars(field)))
    assert read.get_tensor_names() == written.get_tensor_names()
    for name in written.get_tensor_names():
        # This version of the client misspells UINT16 here.
        if not name.endswith("uint16"):
            assert read.get_tensor_type(name) == written.get_tensor_type(name)
        assert list(read.get_tensor_dims(name)) == list(written.get_tensor_dims(name))
        assert_same(read.get_tensor(name), written.get_tensor(name))


def datasets_with_all_metadata():
    written = dataset_named("dataset")
    assert written.get_name() == "dataset"
    client.put_dataset(written)
    assert client.dataset_exists("dataset") and not client.dataset_exists("none")
    assert client.poll_dataset("dataset", 10, 3) and not client.poll_dataset("none", 10, 2)
    assert_same_dataset(client.get_dataset("dataset"), written)


def datasets_shared_between_objects():
    written = dataset_named("shared")
    other = Dataset("other")
    other.set_data(written.get_data())
    client.put_dataset(other)
    read = client.get_dataset("shared")
    assert_same_dataset(read, written)
    assert_same_dataset(Dataset.from_pybind(read.get_data()), written)


def datasets_described_for_xarray():
    written = dataset_named("described")
    DatasetConverter.add_metadata_for_xarray(
        written, ["tensor_float64"], ["x", "y"], ["tensor_float32"], ["texts"]
    )
    client.put_dataset(written)
    read = client.get_dataset("described")
    assert read.get_meta_strings("_xarray_data_names") == ["tensor_float64"]
    assert read.get_meta_strings("_xarray_tensor_float64_dim_names") == ["x,y"]


def datasets_copied_renamed_and_deleted():
    written = dataset_named("original")
    client.put_dataset(written)
    client.copy_dataset("original", "duplicate")
    assert_same_dataset(client.get_dataset("duplicate"), written)
    client.rename_dataset("duplicate", "renamed")
    assert_same_dataset(client.get_dataset("renamed"), written)
    assert not client.dataset_exists("duplicate")
    client.delete_dataset("renamed")
    assert not client.dataset_exists("renamed") and not client.key_exists("{renamed}.tensor_int8")
    assert client.dataset_exists("original")


def aggregation_lists():
    written = [dataset_named(f"item_{number}") for number in range(6)]
    for dataset in written:
        client.put_dataset(dataset)
        client.append_to_list("list", dataset)
    assert client.get_list_length("list") == 6
    assert client.poll_list_length("list", 6, 10, 3) and not client.poll_list_length("list", 7, 10, 2)
    assert client.poll_list_length_gte("list", 5, 10, 3) and not client.poll_list_length_gte("list", 7, 10, 2)
    assert client.poll_list_length_lte("list", 6, 10, 3) and not client.poll_list_length_lte("list", 5, 10, 2)
    # Out of a list the client gives its inner kind of dataset.
    for read, one in zip(client.get_datasets_from_list("list"), written, strict=True):
        assert_same_dataset(Dataset.from_pybind(read), one)
    for read, one in zip(client.get_dataset_list_range("list", 1, 3), written[1:4], strict=True):
        assert_same_dataset(Dataset.from_pybind(read), one)
    client.copy_list("list", "list_copy")
    assert client.get_list_length("list_copy") == 6 and client.get_list_length("list") == 6
    client.rename_list("list_copy", "list_renamed")
    assert client.get_list_length("list_renamed") == 6 and client.get_list_length("list_copy") == 0
    client.delete_list("list_renamed")
    assert client.get_list_length("list_renamed") == 0


def what_is_not_there():
    assert_refused(client.get_tensor, "nowhere")
    assert_refused(client.get_dataset, "nowhere")
    assert_refused(client.copy_tensor, "nowhere", "elsewhere")
    assert_refused(client.rename_tensor, "nowhere", "elsewhere")
    # Another kind of value.
    client.put_dataset(dataset_named("other"))
    assert_refused(client.get_tensor, "{other}.meta")


def what_servers_tell():
    for info in client.get_db_node_info(addresses):
        assert info["Server"]["redis_version"], info
        assert info["Server"]["tcp_port"], info
    if clustered:
        for info in client.get_db_cluster_info(addresses):
            assert info["cluster_state"] == "ok", info
            assert str(info["cluster_slots_assigned"]) == "16384", info
    else:
        assert_refused(client.get_db_cluster_info, addresses)
    # Statistics of models, of which there are none.
    assert_refused(client.get_ai_info, addresses, "nowhere")


def configuration_that_is_read():
    for address in addresses:
        assert client.config_get("maxclients", address)["maxclients"].isdigit()
        assert client.config_get("no-such-directive", address) == {}


def configuration_that_is_written():
    for address in addresses:
        if "--may-configure" in sys.argv:
            client.config_set("lua-time-limit", "4321", address)
            assert client.config_get("lua-time-limit", address) == {"lua-time-limit": "4321"}
        else:
            assert_refused(client.config_set, "lua-time-limit", "4321", address)


def chunk_size_of_models():
    client.set_model_chunk_size(1024 * 1024)


def models_that_are_not_there():
    assert not client.model_exists("nowhere") and not client.poll_model("nowhere", 10, 2)


def snapshots():
    client.save(addresses)


def prefixes_that_are_switched():
    for switch in [
        client.use_tensor_ensemble_prefix,
        client.use_dataset_ensemble_prefix,
        client.use_list_ensemble_prefix,
        client.use_model_ensemble_prefix,
    ]:
        switch(True)
        switch(False)
        switch(True)
    # There is no such source where SSKEYIN does not name it.
    assert_refused(client.set_data_source, "nobody")


def logs():
    context = LogContext("context")
    other = LogContext("other")
    other.set_context(context.get_context())
    for source in [client, Dataset("dataset"), context, other]:
        source.log_data(LLInfo, "data")
        source.log_warning(LLInfo, "warning")
        source.log_error(LLInfo, "error")
    for log in [log_data, log_warning, log_error]:
        log("context", LLInfo, "of no object")
    assert addresses[0].removeprefix("unix://") in str(client) or clustered


def options_from_the_environment():
    options = ConfigOptions.create_from_environment("")
    assert options.get_string_option("SSDB") == os.environ["SSDB"]
    assert options.is_configured("SSDB") and not options.is_configured("SSDB_OF_NOBODY")
    other = Client(options, logger_name="options")
    other.put_tensor("by options", np.arange(3))
    assert np.array_equal(client.get_tensor("by options"), np.arange(3))


def options_that_are_overridden():
    options = ConfigOptions.create_from_environment("nobody")
    options.override_string_option("SSDB", addresses[0])
    options.override_string_option("SR_DB_TYPE", os.environ["SR_DB_TYPE"])
    options.override_integer_option("SR_CONN_TIMEOUT", 7)
    assert options.get_integer_option("SR_CONN_TIMEOUT") == 7
    shared = ConfigOptions.from_pybind(options.get_data())
    shared.set_configoptions(options.get_data())
    assert shared.get_string_option("SSDB") == addresses[0]
    other = Client(shared, logger_name="overridden")
    other.put_tensor("by other options", np.arange(5))
    assert np.array_equal(client.get_tensor("by other options"), np.arange(5))


def constructor_of_old_programs():
    other = Client(clustered, address=addresses[0], logger_name="old")
    other.put_tensor("by address", np.arange(4))
    assert np.array_equal(client.get_tensor("by address"), np.arange(4))


def databases_that_are_emptied():
    client.put_tensor("gone", np.ones(1))
    client.flush_db(addresses)
    assert not client.tensor_exists("gone") and not client.dataset_exists("dataset")


checks = [
    tensors_of_all_types_and_shapes,
    tensors_that_are_not_contiguous,
    tensors_that_are_large,
    tensors_that_are_replaced_by_others,
    keys_of_any_bytes,
    tensors_copied_renamed_and_deleted,
    what_exists_and_is_waited_for,
    datasets_with_all_metadata,
    datasets_shared_between_objects,
    datasets_described_for_xarray,
    datasets_copied_renamed_and_deleted,
    aggregation_lists,
    what_is_not_there,
    what_servers_tell,
    configuration_that_is_read,
    configuration_that_is_written,
    chunk_size_of_models,
    models_that_are_not_there,
    snapshots,
    prefixes_that_are_switched,
    logs,
    options_from_the_environment,
    options_that_are_overridden,
    constructor_of_old_programs,
    databases_that_are_emptied,
]

outcome = {}
for check in checks:
    try:
        check()
        outcome[check.__name__] = "ok"
    except Exception:
        outcome[check.__name__] = traceback.format_exc()

methods = [f"{kind.__name__}.{name}" for kind in classes for name in methods_of(kind)]
uncalled = [name for name in methods if name not in called]
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump({"checks": outcome, "uncalled": uncalled}, file)
