#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""One LSTM layer at batch 1, one thread: rondo beside ONNX Runtime and PyTorch on this machine.

usage: peers.py BENCH_STEPS [--rounds N] [--json FILE]

BENCH_STEPS is the program of a release build (BUILD/bench/bench_steps). Needs numpy and one of
onnxruntime with onnx, torch: `pip install onnxruntime onnx torch`; what is missing is left out.
Each round measures everybody, shape by shape; the least of all rounds counts. "sequence": ns a step
of 500 steps in one call, or of 32 in rondo's; "step": a call a step with the state fed back, which
for the others goes through Python.
"""
import argparse
import json
import logging
import os
import platform
import subprocess
import sys
import tempfile
import time

k_sizes = [(1, 20), (1, 40), (32, 32), (64, 64), (57, 128), (28, 256), (256, 256)]
k_steps = 500
k_rondo = {"lstm_f32": "f32 step", "lstm_f32_run": "f32 sequence",
           "lstm_s8": "int8 step", "lstm_s8_run": "int8 sequence"}


def least_ns(call, steps):
    """Least time of a step, of some bursts of about half a millisecond."""
    call()
    start = time.perf_counter_ns()
    call()
    times = max(1, int(0.5e6 / (time.perf_counter_ns() - start)))
    least = float("inf")
    for _ in range(15):
        start = time.perf_counter_ns()
        for _ in range(times):
            call()
        least = min(least, (time.perf_counter_ns() - start) / times / steps)
    return least


class OnnxRuntime:
    def __init__(self):
        import numpy
        import onnx
        import onnxruntime
        from onnxruntime.quantization import quantize_dynamic
        self.np, self.onnx, self.ort, self.quantize = numpy, onnx, onnxruntime, quantize_dynamic
        onnxruntime.set_default_logger_severity(3)
        logging.disable(logging.WARNING)  # advice of the quantizer, once a model
        self.name = "ONNX Runtime " + onnxruntime.__version__

    def model(self, inputs, hidden, steps):
        helper, kind = self.onnx.helper, self.onnx.TensorProto.FLOAT
        random = self.np.random.default_rng(1)

        def constant(name, *shape):
            values = random.standard_normal(shape).astype("float32") / shape[-1] ** 0.5
            return self.onnx.numpy_helper.from_array(values, name)

        state = [1, 1, hidden]
        node = helper.make_node("LSTM", ["x", "w", "r", "b", "", "h", "c"], ["", "h_out", "c_out"],
                                hidden_size=hidden)
        graph = helper.make_graph(
            [node], "lstm",
            [helper.make_tensor_value_info("x", kind, [steps, 1, inputs]),
             helper.make_tensor_value_info("h", kind, state),
             helper.make_tensor_value_info("c", kind, state)],
            [helper.make_tensor_value_info("h_out", kind, state),
             helper.make_tensor_value_info("c_out", kind, state)],
            [constant("w", 1, 4 * hidden, inputs), constant("r", 1, 4 * hidden, hidden),
             constant("b", 1, 8 * hidden)])
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17),
                                                       helper.make_opsetid("com.microsoft", 1)],
                                 ir_version=8)

    def session(self, inputs, hidden, steps, int8):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "lstm.onnx")
            self.onnx.save(self.model(inputs, hidden, steps), path)
            if int8:
                quantized = os.path.join(folder, "int8.onnx")
                self.quantize(path, quantized)
                kinds = [node.op_type for node in self.onnx.load(quantized).graph.node]
                if "DynamicQuantizeLSTM" not in kinds:
                    raise RuntimeError("quantize_dynamic left the LSTM in float")
                path = quantized
            options = self.ort.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            return self.ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def caller(self, inputs, hidden, steps, int8):
        """A function that feeds its own state back, from one pair of buffers into the other."""
        session = self.session(inputs, hidden, steps, int8)
        random = self.np.random.default_rng(2)

        def value(*shape):
            values = random.standard_normal(shape).astype("float32")
            return self.ort.OrtValue.ortvalue_from_numpy(values)

        x = value(steps, 1, inputs)
        states = [(value(1, 1, hidden), value(1, 1, hidden)) for _ in range(2)]
        bindings = []
        for turn in range(2):
            binding = session.io_binding()
            binding.bind_ortvalue_input("x", x)
            for k, name in enumerate("hc"):
                binding.bind_ortvalue_input(name, states[turn][k])
                binding.bind_ortvalue_output(name + "_out", states[1 - turn][k])
            bindings.append(binding)
        turns = [0]

        def call():
            session.run_with_iobinding(bindings[turns[0]])
            turns[0] = 1 - turns[0]

        return call

    def callers(self, inputs, hidden):
        for int8 in (False, True):
            kind = "int8" if int8 else "f32"
            yield kind + " sequence", self.caller(inputs, hidden, k_steps, int8), k_steps
            yield kind + " step", self.caller(inputs, hidden, 1, int8), 1


class PyTorch:
    def __init__(self):
        import torch
        torch.set_num_threads(1)
        self.torch = torch
        self.name = "PyTorch " + torch.__version__

    def callers(self, inputs, hidden):
        torch = self.torch
        net = torch.nn.LSTM(inputs, hidden).eval()

        def caller(steps):
            x = torch.randn(steps, 1, inputs)
            state = [(torch.zeros(1, 1, hidden), torch.zeros(1, 1, hidden))]

            def call():
                with torch.inference_mode():
                    _, state[0] = net(x, state[0])

            return call

        yield "f32 sequence", caller(k_steps), k_steps
        yield "f32 step", caller(1), 1


def peers():
    found = []
    for peer in (OnnxRuntime, PyTorch):
        try:
            found.append(peer())
        except ImportError as error:
            print(f"peers: {peer.__name__} is left out: {error} "
                  "(pip install onnxruntime onnx torch)", file=sys.stderr)
    return found


def rondo(program, size):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        only = f"^({'|'.join(k_rondo)})/(?!scalar).*/{size}$"
        subprocess.run([program, "--only", only, "--rounds", "40", "--json", file.name],
                       check=True, stdout=subprocess.DEVNULL)
        result = json.load(file)
    rows = {("rondo " + row["set"], k_rondo[row["name"]]): row["ns"]
            for row in result["rows"] if row["name"] in k_rondo}
    return result["cpu"], rows


def measure(program, rounds):
    others = peers()
    if not others:
        sys.exit("peers: nobody to compare with")
    table, cpu = {}, ""
    callers = {size: [(peer.name, *caller) for peer in others for caller in peer.callers(*size)]
               for size in k_sizes}
    for round_number in range(rounds):
        for inputs, hidden in k_sizes:
            size = f"{inputs}x{hidden}"
            cpu, rows = rondo(program, size)
            for name, how, call, steps in callers[(inputs, hidden)]:
                rows[name, how] = least_ns(call, steps)
            for key, ns in rows.items():
                key = (size, *key)
                table[key] = min(table.get(key, ns), ns)
        print(f"peers: round {round_number + 1} of {rounds}", file=sys.stderr)
    return cpu, table


def main():
    parser = argparse.ArgumentParser(description="rondo beside ONNX Runtime and PyTorch")
    parser.add_argument("bench_steps")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", help="file for the results")
    options = parser.parse_args()
    cpu, table = measure(options.bench_steps, options.rounds)
    rows = [{"size": size, "who": who, "how": how, "ns": round(ns, 1)}
            for (size, who, how), ns in table.items()]
    print(f"{cpu or platform.machine()}, one thread; ns a step")
    hows = ["f32 step", "f32 sequence", "int8 step", "int8 sequence"]
    print("".join(f"{head:>{width}}" for head, width in
                  zip(["size", "who", *hows], [8, 24, 15, 15, 15, 15])))
    for size, who in dict.fromkeys((row["size"], row["who"]) for row in rows):
        cells = [f"{table[size, who, how]:,.0f}" if (size, who, how) in table else "-"
                 for how in hows]
        print(f"{size:>8}{who:>24}" + "".join(f"{cell:>15}" for cell in cells))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(json.dumps({"cpu": cpu, "rows": rows}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
