# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Models as torch.onnx.export writes them, read by rondo and run in float: the outputs are those of
PyTorch. Skipped (status 77) where PyTorch is not installed.

usage: torch_test.py RUN_ONNX"""
import io
import sys
import tempfile
import warnings

try:
    import numpy as np
    import torch
    from torch import nn
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

import harness

warnings.filterwarnings("ignore")
k_steps, k_inputs, k_hidden, k_outputs, k_vocabulary = 7, 3, 5, 4, 6


class Net(nn.Module):
    """A recurrent layer of any kind, a head, and one way to take the answer."""

    def __init__(self, kind, take, tokens, batch_first, dense=False, **settings):
        super().__init__()
        width = k_inputs
        self.tokens = tokens
        if tokens == "embedding":
            self.embedding = nn.Embedding(k_vocabulary, k_inputs)
        elif tokens == "one_hot":
            width = k_vocabulary
        self.rnn = getattr(nn, kind)(width, k_hidden, batch_first=batch_first, **settings)
        wide = k_hidden * (2 if settings.get("bidirectional") else 1)
        self.middle = nn.Linear(wide, wide) if dense else None
        self.head = nn.Linear(wide, k_outputs)
        self.take, self.time = take, 1 if batch_first else 0

    def forward(self, x):
        if self.tokens == "embedding":
            x = self.embedding(x)
        elif self.tokens == "one_hot":
            x = nn.functional.one_hot(x, k_vocabulary).float()
        out, state = self.rnn(x)
        if self.take == "h_n":
            out = (state[0] if isinstance(state, tuple) else state)[-1]
        elif self.take == "last":
            out = out[:, -1] if self.time == 1 else out[-1]
        elif self.take == "mean":
            out = out.mean(self.time)
        elif self.take == "max":
            out = torch.amax(out, self.time)
        if self.middle is not None:
            out = torch.relu(self.middle(out))
        return self.head(out)


def export(net, x, dynamic, folding=True, opset=13, axes=("B", "T")):
    file = io.BytesIO()
    names = {0: "b", 1: "t"} if axes[0] == "B" else {0: "t", 1: "b"}
    torch.onnx.export(net, x, file, opset_version=opset, do_constant_folding=folding,
                      input_names=["x"], output_names=["y"],
                      dynamic_axes={"x": names} if dynamic else None)
    return file.getvalue()


def sequence(tokens):
    if tokens:
        return torch.randint(0, k_vocabulary, (k_steps,))
    return torch.randn(k_steps, k_inputs)


def cases():
    for kind in ("RNN", "GRU", "LSTM"):
        for take in ("every", "last", "h_n", "mean", "max"):
            yield f"{kind} {take}", (kind, take, None, True), {}
        for tokens in ("embedding", "one_hot"):
            yield f"{kind} {tokens}", (kind, "last", tokens, True), {}
        yield f"{kind} time first", (kind, "last", None, False), {}
        yield f"{kind} dense", (kind, "last", None, True, True), {}
        yield f"{kind} without bias", (kind, "every", None, True), {"bias": False}
        for take in ("every", "last", "mean"):
            yield (f"{kind} bidirectional, 2 layers, {take}", (kind, take, None, True),
                   {"bidirectional": True, "num_layers": 2})
    yield "RNN relu", ("RNN", "every", None, True), {"nonlinearity": "relu"}


def classroom(runner):
    """Answers that end in a softmax, a skip, a normalization of the input, an unbatched net."""

    class Normal(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = Net("LSTM", "last", None, True)
            self.mean, self.unit = torch.randn(k_inputs), torch.rand(k_inputs) + 0.5

        def forward(self, x):
            return torch.log_softmax(self.net((x - self.mean) / self.unit), -1)

    class Skip(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn, self.head = nn.GRU(k_inputs, k_hidden), nn.Linear(k_hidden, k_inputs)

        def forward(self, x):
            return self.head(self.rnn(x)[0]) + x

    class Relu(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn, self.head = nn.GRU(k_inputs, k_hidden), nn.Linear(k_hidden, k_outputs)

        def forward(self, x):
            return torch.sigmoid(self.head(torch.relu(self.rnn(x)[0][-1])))

    class Flat(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn, self.head = nn.LSTM(k_inputs, k_hidden), nn.Linear(k_hidden, k_outputs)

        def forward(self, x):
            out = self.rnn(x)[0]
            return self.head(out.reshape(-1, k_hidden))

    x = sequence(None)
    net = Normal().eval()
    with torch.no_grad():
        scores = net.net(((x - net.mean) / net.unit)[None])
        got = runner.check("normalized, log softmax", export(net, x[None], True), x.numpy(),
                           scores[0], False)
        runner.result("a softmax is told", None if got.get("source", {}).get("softmax") else "no")
        for name, make in (("skip", Skip), ("relu behind GRU", Relu), ("flattened", Flat)):
            net = make().eval()
            runner.check(name, export(net, x[:, None], True, axes=("T", "B")), x.numpy(),
                         net(x[:, None]), name != "relu behind GRU")
            runner.check(name + ", fixed", export(net, x[:, None], False), x.numpy(),
                         net(x[:, None]), name != "relu behind GRU")
        rnn = nn.GRU(k_inputs, k_hidden)
        runner.check("bare GRU", export(rnn, x[:, None], True, axes=("T", "B")), x.numpy(),
                     rnn(x[:, None])[0])


def main():
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        runner = harness.Runner(sys.argv[1], folder)
        for name, arguments, settings in cases():
            net = Net(*arguments, **settings).eval()
            x = sequence(arguments[2])
            batch_first = arguments[3]
            batch = x[None] if batch_first else x[:, None]
            every = arguments[1] == "every"
            for dynamic, folding, opset in ((True, True, 13), (False, True, 11),
                                            (True, False, 14), (False, False, 9)):
                model = export(net, batch, dynamic, folding, opset, "BT" if batch_first else "TB")
                runner.check(f"{name}, dynamic {dynamic}, folding {folding}, opset {opset}", model,
                             x.numpy(), net(batch), every)
        classroom(runner)
    print(f"{runner.passed} passed, {len(runner.failed)} failed")
    return 1 if runner.failed or runner.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
