# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Both ways between PyTorch and rondo: networks that PyTorch makes here are imported and answer the
same, over thousands of steps; what rondo trained or exported is loaded into PyTorch modules. Skips
where there is no torch (Debian: python3-torch).

    torch_test.py RONDO NAMES
"""
import json
import pathlib
import sys
import tempfile

from tools import SKIPPED, Rondo, read_safetensors, require_close, write_safetensors

try:
    import torch
    from torch import nn
except ImportError:
    print("skipped: this Python has no torch (Debian: python3-torch)")
    sys.exit(SKIPPED)

STEPS = 3000
DTYPES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}


def save(path, state, by_name=False):
    """As torch's own order has them, or sorted by name, as the safetensors package writes them."""
    tensors = {}
    for name in sorted(state) if by_name else state:
        t = state[name].detach().contiguous()
        raw = t.view(torch.int16) if t.dtype == torch.bfloat16 else t
        tensors[name] = (DTYPES[t.dtype], t.shape, raw.numpy().tobytes())
    write_safetensors(path, tensors)


def load(path):
    return {name: torch.frombuffer(bytearray(raw), dtype=torch.float32).reshape(shape)
            for name, (_, shape, raw) in read_safetensors(path).items()}


class Net(nn.Module):
    """Recurrent module and linear layer; `embedding`: of that many tokens in front."""

    def __init__(self, kind, inputs, hidden, outputs, embedding=0, **how):
        super().__init__()
        self.embedding = nn.Embedding(embedding, inputs) if embedding else nn.Identity()
        self.core = kind(inputs, hidden, batch_first=True, **how)
        self.head = nn.Linear(hidden * (2 if how.get("bidirectional") else 1), outputs)

    def forward(self, x):
        return self.head(self.core(self.embedding(x))[0])


def answers(net, x):
    with torch.no_grad():
        return net.double()(x[None])[0].tolist()


def import_net(rondo, net, what, *words, steps=STEPS, inputs=2, dtype=torch.float32, tokens=False):
    path, model = rondo.folder / "net.safetensors", rondo.folder / "model.safetensors"
    net.to(dtype)
    for by_name in (False, True):
        save(path, net.state_dict(), by_name)
        rondo.good("import", path, "--out", model, *words)
        x = torch.randint(inputs, (steps,)) if tokens else torch.randn(steps, inputs).double()
        rows = x[:, None].tolist() if tokens else x.float().tolist()
        x = x if tokens else x.float().double()
        require_close(rondo.predict(model, rows), answers(net, x), what)
        net.to(dtype)
    return model


def import_all(rondo):
    for kind, word in ((nn.LSTM, "LSTM"), (nn.GRU, "GRU"), (nn.RNN, "RNN")):
        import_net(rondo, Net(kind, 2, 5, 3), word)
        import_net(rondo, Net(kind, 2, 5, 3, num_layers=3), f"{word}, 3 layers")
        import_net(rondo, Net(kind, 2, 5, 3, bias=False), f"{word} without biases")
        import_net(rondo, Net(kind, 2, 5, 3, num_layers=2, bidirectional=True),
                   f"{word}, 2 layers, both ways", steps=200)
        import_net(rondo, Net(kind, 4, 5, 3, embedding=7), f"{word} behind an embedding", inputs=7,
                   tokens=True)
    relu = Net(nn.RNN, 2, 5, 3, nonlinearity="relu")
    import_net(rondo, relu, "RNN, ReLU", "--cell", "relu")
    for dtype, name in DTYPES.items():
        import_net(rondo, Net(nn.LSTM, 2, 5, 3), f"LSTM of {name}", dtype=dtype)


class Parts(nn.Module):
    """Linear layers with activations, two recurrent modules, a cell."""

    def __init__(self):
        super().__init__()
        self.front = nn.Linear(2, 4)
        self.lstm = nn.LSTM(4, 6, batch_first=True)
        self.cell = nn.GRUCell(6, 5)
        self.fc1 = nn.Linear(5, 4)
        self.fc2 = nn.Linear(4, 3)

    def forward(self, x):
        x = self.lstm(torch.tanh(self.front(x)))[0]
        h = x.new_zeros(1, 5)
        rows = []
        for step in range(x.shape[1]):
            h = self.cell(x[:, step], h)
            rows.append(h)
        return self.fc2(torch.relu(self.fc1(torch.stack(rows, 1))))


def import_parts(rondo):
    words = ("--chain", "front:tanh,lstm,cell,fc1:relu,fc2")
    model = import_net(rondo, Parts(), "linear layers, LSTM and GRU cell", *words)
    # The same inside a larger module, beside what is not wanted.
    path, out = rondo.folder / "net.safetensors", rondo.folder / "out.safetensors"
    net = nn.ModuleDict({"model": Parts(), "norm": nn.BatchNorm1d(3)})
    state = {k: v for k, v in net.state_dict().items() if v.dtype != torch.int64}
    save(path, state)
    assert "norm.weight" in rondo.bad("import", path, "--out", out)
    rondo.good("import", path, "--out", out, "--prefix", "model.", "--chain",
               "model.front:tanh,model.lstm,model.cell,model.fc1:relu,model.fc2")
    x = torch.randn(50, 2)
    require_close(rondo.predict(out, x.tolist()), answers(net["model"], x.double()), "a prefix")
    image, series = rondo.folder / "net.rondo", rondo.folder / "x.csv"
    rondo.predict(model, torch.randn(STEPS, 2).tolist())  # leaves x.csv
    for bits in (8, 16):
        said = json.loads(rondo.good("quantize", model, "--data", series, "--out", image,
                                     "--activations", bits, "--json"))
        at = [look["step"] for look in said["comparison"]["after_reset"]]
        assert at == [10, 100, 1000], at
        # Measured 7e-7: the scores are mostly their bias. A wrong scale costs 1e-2 and more.
        assert said["comparison"]["error_to_signal"] < 1e-5, said["comparison"]
        print(f"quantized, {bits} bits of activations:", said["comparison"]["error_to_signal"])


def quantize_others(rondo):
    """Tokens behind an embedding, both directions, ReLU: what is bounded runs in int8."""
    image, series = rondo.folder / "net.rondo", rondo.folder / "x.csv"
    for net, how in ((Net(nn.GRU, 4, 5, 3, embedding=7), {"inputs": 7, "tokens": True}),
                     (Net(nn.LSTM, 2, 5, 3, num_layers=2, bidirectional=True), {}),
                     (Net(nn.RNN, 2, 5, 3, num_layers=2), {})):
        model = import_net(rondo, net, "to be quantized", steps=200, **how)
        said = json.loads(rondo.good("quantize", model, "--data", series, "--out", image,
                                     "--activations", "16", "--json"))
        # int8 weights cost some 1e-4 of these scores; a wrong scale costs 1e-2 and more.
        assert said["comparison"]["error_to_signal"] < 2e-3, said["comparison"]
        rondo.good("predict", image, "--input", series)
    model = import_net(rondo, Net(nn.RNN, 2, 5, 3, nonlinearity="relu"), "ReLU", "--cell", "relu")
    message = rondo.bad("quantize", model, "--data", series, "--out", image)
    assert "without bounds" in message and "--type f32" in message, message
    rondo.good("quantize", model, "--data", series, "--out", image, "--type", "f32")


class Classroom(nn.Module):
    def __init__(self, inputs, hidden, outputs, last):
        super().__init__()
        self.i2h = nn.Linear(inputs + hidden, hidden)
        self.i2o = nn.Linear(inputs + hidden, outputs)
        self.hidden = hidden
        if last:
            self.o2o = nn.Linear(hidden + outputs, outputs)

    def forward(self, x):
        h, rows = x.new_zeros(1, self.hidden), []
        for step in range(x.shape[1]):
            joined = torch.cat((x[:, step], h), 1)
            h, o = self.i2h(joined), self.i2o(joined)
            rows.append(self.o2o(torch.cat((h, o), 1)) if hasattr(self, "o2o") else o)
        return torch.stack(rows, 1)


def refuse(rondo):
    path, out = rondo.folder / "net.safetensors", rondo.folder / "out.safetensors"
    for net, words in ((nn.LSTM(2, 5, proj_size=3), "projection"),
                       (nn.Conv1d(2, 3, 4), "belongs to no layer"),
                       (nn.Linear(2, 3), "no recurrent layer")):
        save(path, net.state_dict())
        message = rondo.bad("import", path, "--out", out)
        assert words in message, message
    net = Net(nn.LSTM, 2, 5, 3)
    save(path, net.state_dict())
    assert "leave --cell out" in rondo.bad("import", path, "--out", out, "--cell", "gru")
    state = net.state_dict()
    state["core.weight_ih_l0"] = torch.zeros(20, 2)[:19]
    save(path, state)
    message = rondo.bad("import", path, "--out", out)
    assert "core.weight_ih_l0" in message and "(19, 2)" in message, message
    state = net.state_dict()
    state["head.bias"] = torch.full((3,), float("nan"))
    save(path, state)
    assert "not a finite float" in rondo.bad("import", path, "--out", out)


def export_and_load(rondo, model, net, x, what):
    """rondo's file into a PyTorch module, strictly; x: (T, I) or tokens."""
    out = rondo.folder / "state.safetensors"
    rondo.good("export", model, "--out", out)
    net.load_state_dict(load(out), strict=True)
    rows = x[:, None].tolist() if x.dtype == torch.int64 else x.tolist()
    x = x if x.dtype == torch.int64 else x.double()
    require_close(rondo.predict(model, rows), answers(net, x), what)


class Exported(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.gru = nn.GRU(4, 5, num_layers=2, bidirectional=True, batch_first=True)
        self.linear = nn.Linear(10, 3)

    def forward(self, x):
        return self.linear(self.gru(self.embedding(x))[0])


def both_ways(rondo, names):
    net = Net(nn.GRU, 4, 5, 3, embedding=7, num_layers=2, bidirectional=True)
    model = import_net(rondo, net, "to be exported", inputs=7, tokens=True, steps=100)
    export_and_load(rondo, model, Exported(), torch.randint(7, (100,)), "exported GRU")
    trained = rondo.folder / "names.safetensors"
    for cell, kind in (("lstm", nn.LSTM), ("gru", nn.GRU), ("rnn", nn.RNN)):
        rondo.good("train", "classify", "--data", names, "--cell", cell, "--hidden", 12,
                   "--layers", 2, "--iterations", 30, "--out", trained)
        load_trained(rondo, trained, cell, kind)
    rondo.good("train", "classify", "--data", names, "--cell", "classroom", "--hidden", 12,
               "--iterations", 30, "--out", trained)
    load_classroom(rondo, trained)


TEXTS = ["Satoshi", "O'Neal", "Abreu"]


def about(path):
    raw = path.read_bytes()
    header = json.loads(raw[8:8 + int.from_bytes(raw[:8], "little")])
    return json.loads(header["__metadata__"]["rondo"])


def require_same_scores(rondo, trained, letters, scores_of, what):
    """Scores are printed in whole steps of 2^-16: half of one is 7.6e-6."""
    said = json.loads(rondo.good("predict", trained, "--scores", "--json", *TEXTS))["predictions"]
    for guess in said:
        x = torch.zeros(1, len(guess["text"]), len(letters))
        for t, letter in enumerate(guess["text"]):
            x[0, t, letters.index(letter)] = 1
        with torch.no_grad():
            wanted = scores_of(x)[0, -1].tolist()
        got = [s / 65536 for s in guess["scores"]]
        require_close([got], [wanted], f"{what}: {guess['text']}")
    return said


def load_classroom(rondo, trained):
    out = rondo.folder / "state.safetensors"
    letters, classes = about(trained)["alphabet"], about(trained)["classes"]
    net = Classroom(len(letters), 12, len(classes), False)
    rondo.good("export", trained, "--out", out)
    net.load_state_dict(load(out), strict=True)
    require_same_scores(rondo, trained, letters, net, "trained classroom RNN")


def load_trained(rondo, trained, cell, kind):
    """The checkpoint of train itself, and its export, in PyTorch; and back as a classifier."""
    state = load(trained)
    letters, classes = about(trained)["alphabet"], about(trained)["classes"]
    net = nn.ModuleDict({cell: kind(len(letters), 12, 2, batch_first=True),
                         "linear": nn.Linear(12, len(classes))})
    renamed = {k if k.startswith("linear.") else f"{cell}.{k}": v for k, v in state.items()}
    net.load_state_dict(renamed, strict=True)
    said = require_same_scores(rondo, trained, letters, lambda x: net["linear"](net[cell](x)[0]),
                               f"trained {cell}")
    out, again = rondo.folder / "state.safetensors", rondo.folder / "again.safetensors"
    rondo.good("export", trained, "--out", out)
    exported = load(out)
    net.load_state_dict(exported, strict=True)
    rondo.good("import", out, "--out", again, "--alphabet", letters, "--classes", ",".join(classes))
    back = json.loads(rondo.good("predict", again, "--scores", "--json", *TEXTS))["predictions"]
    # The two biases were added on the way: the last bit of their sum may differ.
    for a, b in zip(back, said):
        require_close([[s / 65536 for s in a["scores"]]], [[s / 65536 for s in b["scores"]]],
                      f"{cell} there and back", 2 / 65536)


def main():
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as folder:
        rondo = Rondo(sys.argv[1], folder)
        import_all(rondo)
        import_parts(rondo)
        quantize_others(rondo)
        import_net(rondo, Classroom(2, 4, 3, False), "classroom RNN", steps=100)
        import_net(rondo, Classroom(2, 4, 3, True), "classroom generator", steps=100)
        refuse(rondo)
        both_ways(rondo, pathlib.Path(sys.argv[2]))


main()
