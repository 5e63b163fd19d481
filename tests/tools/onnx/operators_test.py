# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""ONNX's own tests of RNN, GRU and LSTM nodes (Debian's libonnx-testdata) through the import and
the float runtime, and small graphs made here of what rondo understands or refuses. Skipped (status
77) where python3-onnx is not installed; without the data its part is skipped and said to be.

usage: operators_test.py RUN_ONNX"""
import os
import sys
import tempfile

try:
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

import harness

k_data = "/usr/share/libonnx-testdata/data/node"
k_random = np.random.default_rng(1)


def values(*shape):
    return k_random.standard_normal(shape).astype(np.float32)


def load(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return numpy_helper.to_array(onnx.TensorProto.FromString(file.read()))


def node_test(runner, name, words=None):
    """One test of ONNX: its weights are inputs there and become initializers here. Its sequences
    run one by one: a batch is the caller's affair."""
    folder = os.path.join(k_data, name)
    model = onnx.load(os.path.join(folder, "model.onnx"))
    data = os.path.join(folder, "test_data_set_0")
    node = model.graph.node[0]
    inputs = {value.name: load(data, f"input_{i}.pb")
              for i, value in enumerate(model.graph.input)}
    outputs = [load(data, f"output_{i}.pb") for i in range(len(model.graph.output))]
    x = inputs.pop(model.graph.input[0].name)
    del model.graph.input[1:]
    model.graph.initializer.extend(numpy_helper.from_array(a, n) for n, a in inputs.items())
    del model.graph.output[1:]
    first = list(node.output).index(model.graph.output[0].name)
    batch_first = any(a.name == "layout" and a.i == 1 for a in node.attribute)
    for b in range(x.shape[0 if batch_first else 1]):
        one = x[b] if batch_first else x[:, b]
        if words:
            runner.refused(name, model.SerializeToString(), one, words)
            continue
        y = outputs[0]
        if first == 0:
            expected = (y[b] if batch_first else y[:, :, b]).reshape(len(one), -1)
        else:
            expected = y[b, 0] if batch_first else y[0, b]
        runner.check(f"{name}, sequence {b}", model.SerializeToString(), one, expected, first == 0)


def onnx_tests(runner):
    if not os.path.isdir(k_data):
        print("skipped: the tests of ONNX (libonnx-testdata is not installed)")
        return
    for name in ("gru_batchwise", "gru_defaults", "gru_seq_length", "gru_with_initial_bias",
                 "lstm_batchwise", "lstm_defaults", "lstm_with_initial_bias", "rnn_seq_length",
                 "simple_rnn_batchwise", "simple_rnn_defaults", "simple_rnn_with_initial_bias"):
        node_test(runner, "test_" + name)
    node_test(runner, "test_lstm_with_peepholes", ["LSTM", "peepholes"])


def graph(nodes, constants, inputs=1, outputs=("y",)):
    given = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ("T", "B", 3))]
    given += [helper.make_tensor_value_info(f"x{i}", TensorProto.FLOAT, None)
              for i in range(1, inputs)]
    made = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    listed = [numpy_helper.from_array(np.asarray(a), name) for name, a in constants.items()]
    model = helper.make_model(helper.make_graph(nodes, "test", given, made, listed),
                              opset_imports=[helper.make_opsetid("", 14)])
    return model.SerializeToString()


def lstm(hidden=2, inputs=3, directions=1):
    return {"W": values(directions, 4 * hidden, inputs),
            "R": values(directions, 4 * hidden, hidden), "B": values(directions, 8 * hidden)}


def refusals(runner):
    x = values(4, 3)

    def node(names="x W R B", outputs="y", op="LSTM", **attributes):
        inputs = ["" if name == "-" else name for name in names.split(" ")]
        return helper.make_node(op, inputs, outputs.split(" "), name="cell", hidden_size=2,
                                **attributes)

    def refused(name, nodes, words, constants=None, **more):
        runner.refused(name, graph(nodes, constants or lstm(), **more), x, words)

    refused("clip", [node(clip=3.0)], ["cell", "LSTM", "clip"])
    refused("activations", [node(activations=["Sigmoid", "Tanh", "Relu"])], ["activations", "relu"])
    refused("coupled gates", [node(input_forget=1)], ["input_forget"])
    refused("reverse alone", [node(direction="reverse")], ["reverse"])
    refused("lengths", [node("x W R B x1")], ["sequence_lens"], inputs=2)
    refused("projection", [node()], ["cell", "proj_size"],
            dict(lstm(), R=values(1, 8, 1)))
    refused("state of the backward half", [node(outputs="a y", direction="bidirectional"),
                                           helper.make_node("Identity", ["y"], ["z"])],
            ["backward half"], lstm(directions=2), outputs=("z",))
    refused("cell state", [node(outputs="a b y")], ["cell state"])
    refused("operator", [node(outputs="a"), helper.make_node("Erf", ["a"], ["y"], name="odd")],
            ["odd", "Erf"])
    refused("domain", [node(outputs="a"), helper.make_node("Gelu", ["a"], ["y"], domain="com.x")],
            ["com.x"])
    refused("branches", [node(outputs="a"), helper.make_node("Squeeze", ["a", "one"], ["b"]),
                         helper.make_node("MatMul", ["b", "M"], ["c"]),
                         helper.make_node("Add", ["c", "b"], ["y"], name="join")],
            ["join", "branches"], dict(lstm(), M=values(2, 2), one=np.array([1])))
    refused("first step", [node(outputs="a"), helper.make_node("Gather", ["a", "zero"], ["y"])],
            ["Gather", "step 0"], dict(lstm(), zero=np.array(0)))
    refused("two inputs", [node(outputs="a"), helper.make_node("Add", ["a", "x1"], ["y"])],
            ["another input"], inputs=2)
    refused("no recurrence", [helper.make_node("MatMul", ["x", "M"], ["y"])], ["no recurrent"],
            {"M": values(3, 2)})
    refused("features", [node()], ["4 features", "3"], lstm(inputs=4))
    refused("not finite", [node()], ["finite"],
            dict(lstm(), B=np.full((1, 16), np.nan, np.float32)))
    refused("states that differ", [node("x W R B - H")], ["differs"],
            dict(lstm(), H=values(1, 3, 2)))
    refused("unknown value", [node("x W R Q")], ["Q"])
    refused("weights that are computed", [node("x x1 R B")], ["LSTM"], inputs=2)


def edits(runner):
    """Who reads a layer before its activation must not get it with."""
    p = lstm(directions=2)
    half = {f"{name}{d}": a[d:d + 1] for name, a in p.items() for d in (0, 1)}
    half.update(one=np.array([1]), M=values(3, 3))
    nodes = [helper.make_node("MatMul", ["x", "M"], ["m"]),
             helper.make_node("Relu", ["m"], ["r"]),
             helper.make_node("LSTM", ["m", "W0", "R0", "B0"], ["f1"], hidden_size=2, name="low"),
             helper.make_node("LSTM", ["r", "W1", "R1", "B1"], ["b1"], hidden_size=2,
                              direction="reverse"),
             helper.make_node("Squeeze", ["f1", "one"], ["f"]),
             helper.make_node("Squeeze", ["b1", "one"], ["b"]),
             helper.make_node("Concat", ["f", "b"], ["y"], axis=2)]
    runner.refused("before the activation", graph(nodes, half), values(4, 3), ["low", "branches"])
    # An axis behind the features: one number for them all is no number for one.
    more = [helper.make_node("LSTM", ["x", "W", "R", "B"], ["a"], hidden_size=2),
            helper.make_node("MatMul", ["a", "M"], ["b"]),
            helper.make_node("Unsqueeze", ["b", "last"], ["c"]),
            helper.make_node("Mul", ["c", "two"], ["y"], name="late")]
    runner.refused("features not last", graph(more, dict(lstm(), M=values(2, 3), two=np.float32(2),
                                                         last=np.array([4]))), values(4, 3),
                   ["late", "features"])


def external(runner):
    """Weights in another file."""
    model = onnx.ModelProto.FromString(graph(
        [helper.make_node("LSTM", ["x", "W", "R", "B"], ["y"], name="cell", hidden_size=2)],
        lstm()))
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"
    runner.refused("data elsewhere", model.SerializeToString(), values(4, 3),
                   ["cell", "W", "another file"])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_steps(x, w, r, b):
    """One direction, from zero; gates i, o, f, c as ONNX has them."""
    n = r.shape[1]
    h, c, outputs = np.zeros(n), np.zeros(n), []
    for step in x:
        i, o, f, g = np.split(w @ step + r @ h + b[:4 * n] + b[4 * n:], 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outputs.append(h)
    return np.array(outputs)


def both_ways(x, p):
    forward = lstm_steps(x, p["W"][0], p["R"][0], p["B"][0])
    backward = lstm_steps(x[::-1], p["W"][1], p["R"][1], p["B"][1])[::-1]
    return np.concatenate([forward, backward], 1)


def two_nodes(runner):
    """Forward and backward as two nodes and a Concat, in either order, as Keras' models come."""
    x, p = values(6, 3), lstm(directions=2)
    half = {f"{name}{d}": a[d:d + 1] for name, a in p.items() for d in (0, 1)}
    half["one"] = np.array([1])
    nodes = [helper.make_node("LSTM", ["x", "W0", "R0", "B0"], ["f1"], hidden_size=2),
             helper.make_node("LSTM", ["x", "W1", "R1", "B1"], ["b1"], hidden_size=2,
                              direction="reverse")]
    rest = [helper.make_node("Squeeze", ["f1", "one"], ["f"]),
            helper.make_node("Squeeze", ["b1", "one"], ["b"]),
            helper.make_node("Concat", ["f", "b"], ["y"], axis=2)]
    for name, order in (("forward first", nodes), ("backward first", nodes[::-1])):
        runner.check(f"two nodes, {name}", graph(order + rest, half), x, both_ways(x, p))
    swapped = rest[:2] + [helper.make_node("Concat", ["b", "f"], ["y"], axis=2)]
    runner.refused("two nodes, joined backward first", graph(nodes + swapped, half), x, ["Concat"])
    # One node, its directions taken apart and joined again.
    parts = [helper.make_node("LSTM", ["x", "W", "R", "B"], ["a"], hidden_size=2,
                              direction="bidirectional"),
             helper.make_node("Split", ["a"], ["s", "t"], axis=1),
             helper.make_node("Squeeze", ["s", "one"], ["f"]),
             helper.make_node("Squeeze", ["t", "one"], ["b"])]
    runner.check("one node taken apart", graph(parts + [rest[2]], dict(p, one=np.array([1]))), x,
                 both_ways(x, p))


def element_types(runner):
    """Doubles, halves and lists instead of raw bytes."""
    x, p = values(5, 3), lstm()
    p = {name: a.astype(np.float16).astype(np.float32) for name, a in p.items()}
    expected = lstm_steps(x, p["W"][0], p["R"][0], p["B"][0])
    node = helper.make_node("LSTM", ["x", "W", "R", "B"], ["y"], hidden_size=2)
    for kind in (np.float64, np.float16):
        runner.check(f"weights in {kind.__name__}",
                     graph([node], {name: a.astype(kind) for name, a in p.items()}), x, expected)
    for kind in (TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16):
        model = onnx.ModelProto.FromString(graph([node], {}))
        for name, a in p.items():
            model.graph.initializer.append(helper.make_tensor(name, kind, a.shape, a.flatten()))
        runner.check(f"weights as lists of type {kind}", model.SerializeToString(), x, expected)
    scaled = dict(p, two=np.float32(2), W2=p["W"] / 2)
    double = helper.make_node("Mul", ["W2", "two"], ["W1"])
    other = helper.make_node("LSTM", ["x", "W1", "R", "B"], ["y"], hidden_size=2)
    runner.check("weights that are reckoned", graph([double, other], scaled), x, expected)


def states(runner):
    """A state that the caller keeps is left out and said to be."""
    x, p = values(5, 3), lstm()
    expected = lstm_steps(x, p["W"][0], p["R"][0], p["B"][0])
    node = helper.make_node("LSTM", ["x", "W", "R", "B", "", "x1", "x2"], ["y", "h", "c"],
                            hidden_size=2)
    got = runner.check("state as an input", graph([node], p, 3, ("y", "h", "c")), x, expected)
    notes = " ".join(got.get("source", {}).get("notes", []))
    runner.result("it is said", None if "x1" in notes and "\"c\" is left out" in notes else notes)


def main():
    with tempfile.TemporaryDirectory() as folder:
        runner = harness.Runner(sys.argv[1], folder)
        for part in (onnx_tests, refusals, edits, external, two_nodes, element_types, states):
            part(runner)
    print(f"{runner.passed} passed, {len(runner.failed)} failed")
    return 1 if runner.failed or runner.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
