# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Imports the committed samples, which tools/golden/import_samples.py made, runs and quantizes
them; then feeds import with files that are cut short, lie, or are too deep.

    samples_test.py RONDO SAMPLES
"""
import json
import pathlib
import random
import sys
import tempfile

from tools import Rondo, read_csv, require_close, read_safetensors, write_safetensors


def import_samples(rondo, samples):
    paths = sorted(p for p in samples.iterdir() if p.suffix in (".json", ".nam"))
    assert len(paths) == 5, f"found {len(paths)} samples, expected 5"
    for path in paths:
        model = rondo.folder / (path.stem + ".safetensors")
        said = rondo.good("import", path, "--out", model)
        assert "parameters" in said, said
        stem = samples / path.stem
        wanted = read_csv(f"{stem}.y.csv")
        require_close(rondo.predict(model, f"{stem}.x.csv"), wanted, path.name)
        quantize_sample(rondo, model, f"{stem}.x.csv", wanted)


def quantize_sample(rondo, model, x, wanted):
    """int8 and 16-bit activations; the image reads the same file. Weights of 8 bits have errors of
    up to 1/254 of the greatest one: a score of a few units differs by some hundredths."""
    image = rondo.folder / "model.rondo"
    said = json.loads(rondo.good("quantize", model, "--data", x, "--out", image,
                                 "--activations", "16", "--json"))
    steps = [at["step"] for at in said["comparison"]["after_reset"]]
    assert steps == [10], steps  # the samples have 40 steps
    assert said["comparison"]["saturated_inputs"] == 0
    require_close(rondo.predict(image, x), wanted, f"{model.stem}, int8 weights", 0.05)
    rondo.good("inspect", image)
    rondo.good("inspect", model)
    rondo.good("export", image, "--out", rondo.folder / "header", "--name", "model")
    rondo.good("quantize", model, "--data", x, "--out", image, "--type", "f32")
    require_close(rondo.predict(image, x), wanted, f"{model.stem}, f32 image")


def say_what_was_understood(rondo, samples):
    model = rondo.folder / "keras.safetensors"
    said = rondo.good("import", samples / "keras.json", "--out", model)
    for word in ("dense tanh", "lstm", "gru", "reset_after", "dense sigmoid", "2 -> 3", "linear"):
        assert word in said or word == "linear", f"{word} is missing in: {said}"
    assert "gru_before" in rondo.good("import", samples / "keras_before.json", "--out", model)
    assert "skip" in rondo.good("import", samples / "guitarml.json", "--out", model)
    assert "initial state" in rondo.good("import", samples / "lstm.nam", "--out", model)


def add_the_input(rondo, samples):
    """in_skip, as AIDA-X has it: the same answers and the input."""
    path, model = rondo.folder / "skip.aidax", rondo.folder / "skip.safetensors"
    path.write_text(changed(samples, "keras.json", lambda m: m.update(in_skip=1, in_gain=-3.5)))
    said = rondo.good("import", path, "--out", model)
    assert "skip" in said and "-3.5" in said, said
    x, y = read_csv(samples / "keras.x.csv"), read_csv(samples / "keras.y.csv")
    wanted = [[a + b for a, b in zip(*rows)] for rows in zip(x, y)]
    require_close(rondo.predict(model, samples / "keras.x.csv"), wanted, "with its input")


def changed(samples, name, change):
    model = json.loads((samples / name).read_text())
    change(model)
    return json.dumps(model)


def refuse_lies(rondo, samples):
    out = rondo.folder / "out.safetensors"

    def refused(text, suffix, *words):
        path = rondo.folder / ("lie" + suffix)
        path.write_text(text)
        message = rondo.bad("import", path, "--out", out)
        for word in words:
            assert word in message, f"{word} is missing in: {message}"

    def keras(change, *words):
        refused(changed(samples, "keras.json", change), ".json", *words)

    def nam(change, *words):
        refused(changed(samples, "lstm.nam", change), ".nam", *words)

    keras(lambda m: m["layers"][1]["weights"][0].pop(), "layer 1 (lstm)", "(2, 16)", "(3, 16)")
    keras(lambda m: m["layers"][1]["weights"][0][0].pop(), "differ in length")
    keras(lambda m: m["layers"][2].update(type="conv1d"), "layer 2 (conv1d)", "known: dense")
    keras(lambda m: m["layers"][3].update(activation="elu"), "elu", "known: linear")
    keras(lambda m: m["layers"][1].update(shape=[None, None, 10**9]), "shape")
    keras(lambda m: m.update(in_shape=[None, None, 10**12]), "in_shape")
    keras(lambda m: m["layers"][4]["weights"].clear(), "0 arrays")
    keras(lambda m: m.update(layers=m["layers"][3:4]), "expected (2, 4)")
    keras(lambda m: m["layers"][0]["weights"][1].__setitem__(0, "x"), "not a number")
    keras(lambda m: m["layers"][0]["weights"][1].__setitem__(0, 1e300), "not a number")
    nam(lambda m: m["weights"].pop(), "ends at")
    nam(lambda m: m["weights"].append(0), "expected")
    nam(lambda m: m["config"].update(hidden_size=2**31 - 1), "hidden_size")
    nam(lambda m: m["config"].update(num_layers=2**30), "num_layers")
    nam(lambda m: m["config"].update(hidden_size=-1), "hidden_size")
    nam(lambda m: m.update(architecture="WaveNet"), "WaveNet")
    refused(changed(samples, "guitarml.json", lambda m: m["model_data"].update(hidden_size=4)),
            ".json", "says 2 inputs and 4 units")
    refused("[" * 100000, ".json", "deeper")
    refused('{"layers":' + "[" * 50 + "]" * 50 + "}", ".json", "deeper")
    refused('{"layers": [], "layers": []}', ".json", "twice")
    refused("{}", ".json", "no model")
    refused("[1]", ".json", "not an object")
    refused("", ".json", "not valid JSON")
    refused("x", ".pt", "ends in")
    assert not out.exists()


def refuse_cut_files(rondo, samples):
    """At any place: a clear error and nothing written."""
    out = rondo.folder / "out.safetensors"
    model = rondo.folder / "keras.safetensors"
    rondo.good("import", samples / "keras.json", "--out", model)
    raw = model.read_bytes()
    for path, command in ((samples / "keras.json", "import"), (model, "inspect")):
        whole = path.read_bytes().rstrip()
        cut = rondo.folder / ("cut" + path.suffix)
        for part in range(0, 20):
            cut.write_bytes(whole[:len(whole) * part // 20])
            rondo.bad(command, cut, *(["--out", out] if command == "import" else []))
    assert not out.exists()
    # A checkpoint whose metadata lies about its layers.
    for old, new in ((b'"units\\":3', b'"units\\":9'), (b'lstm', b'lstn'), (b'"gru\\"', b'"rnn\\"'),
                     (b'tanh', b'tanx'), (b'reals', b'realz'), (b'"chain\\"', b'"chaim\\"')):
        assert old in raw, old
        cut.write_bytes(raw.replace(old, new))
        rondo.bad("inspect", cut)
    refuse_descriptions(rondo, raw, read_safetensors(model), cut)
    tensors = read_safetensors(model)
    tensors["more"] = ("F32", [1], b"\0\0\0\0")
    write_safetensors(cut, tensors)
    assert "belongs to no layer" in rondo.bad("import", cut, "--out", out)


def refuse_descriptions(rondo, raw, tensors, path):
    """The text in which a checkpoint describes itself, as no rondo would write it."""
    text = json.loads(raw[8:8 + int.from_bytes(raw[:8], "little")])["__metadata__"]["rondo"]
    deep = "[" * 200000 + "]" * 200000
    for change, words in ((lambda j: j.update(source=1), "source"),
                          (lambda j: j["source"].update(format=1), "source"),
                          (lambda j: j.update(layers={}), "layers"),
                          (lambda j: j["layers"].insert(0, 1), "not an object"),
                          (lambda j: j["layers"].pop(), "more"),
                          (lambda j: j["layers"][1].update(units="4"), "units"),
                          (lambda j: j["layers"][1].update(units=0), "weight_ih_l0"),
                          (lambda j: j["layers"][1].update(direction="up"), "direction"),
                          (lambda j: j["layers"][1].update(direction="backward"), "layers.0"),
                          (lambda j: j.update(classes=[1, 2]), "classes"),
                          (lambda j: j.update(classes=["a"]), "1 class names"),
                          (lambda j: j.update(inputs=-1), "inputs"),
                          (lambda j: j.update(format=2), "format")):
        about = json.loads(text)
        change(about)
        about = json.dumps(about)
        write_safetensors(path, tensors, about)
        message = rondo.bad("inspect", path)
        assert words in message or words == "more", message
    for about, words in (("{", "not a JSON object"), ("[]", "not a JSON object"),
                         (text.replace("{", '{"deep": ' + deep + ",", 1), "deeper"),
                         ("", "not a JSON object")):
        write_safetensors(path, tensors, about)
        message = rondo.bad("inspect", path)
        assert words in message, message


def survive_changes(rondo, samples):
    """Some bytes are others: import and inspect end with 0 or with a clear error."""
    chance = random.Random(11)
    model = rondo.folder / "keras.safetensors"
    rondo.good("import", samples / "keras.json", "--out", model)
    refused = 0
    for path, command in ((model, "inspect"), (samples / "keras.json", "import"),
                          (samples / "lstm.nam", "import"), (samples / "guitarml.json", "import")):
        whole = path.read_bytes()
        for _ in range(15):
            raw = bytearray(whole)
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(min(len(raw), 1200))  # where most of the structure is
                raw[at] = chance.choice((raw[at] ^ 1 << chance.randrange(8), *b'0",]}[{'))
            changed_file = rondo.folder / ("changed" + path.suffix)
            changed_file.write_bytes(raw)
            out = ["--out", rondo.folder / "out.safetensors"] if command == "import" else []
            done = rondo.call(command, changed_file, *out)
            assert done.returncode in (0, 1), f"status {done.returncode}: {done.stderr}: {raw}"
            refused += done.returncode
    assert refused > 20, refused


def name_the_outputs(rondo, samples):
    model, image = rondo.folder / "named.safetensors", rondo.folder / "named.rondo"
    rondo.good("import", samples / "keras.json", "--out", model, "--classes", "left,right")
    rondo.good("quantize", model, "--data", samples / "keras.x.csv", "--out", image)
    for path in (model, image):
        rows = rondo.good("predict", path, "--input", samples / "keras.x.csv").splitlines()
        assert rows[0] == "left,right" and len(rows) == 41, rows[0]
    out = rondo.folder / "out.safetensors"
    words = ("import", samples / "keras.json", "--out", out)
    assert "names 1 classes" in rondo.bad(*words, "--classes", "left")
    assert "empty name" in rondo.bad(*words, "--classes", "left,")
    assert "it does not read tokens" in rondo.bad(*words, "--classes", "a,b", "--alphabet", "xy")
    assert "unknown cell" in rondo.bad(*words, "--cell", "lstn")
    assert "already" in rondo.bad("import", model, "--out", out)
    assert "an image of rondo" in rondo.bad("import", image, "--out", out)
    assert "only float" in rondo.bad("export", image, "--out", out)
    assert "gru_before" not in rondo.good("export", model, "--out", out)
    before = rondo.folder / "before.safetensors"
    rondo.good("import", samples / "keras_before.json", "--out", before)
    assert "resets before" in rondo.bad("export", before, "--out", rondo.folder / "no.safetensors")


def refuse_bad_series(rondo, samples):
    model = rondo.folder / "keras.safetensors"
    rondo.good("import", samples / "keras.json", "--out", model)
    path = rondo.folder / "bad.csv"
    for text, word in (("1,2\n3\n", ":2: has 1 columns"), ("1,2\n3,x\n", "not a finite number"),
                       ("", "no row"), ("a,b\n", "no row"), ("1,nan\n3,inf\n", "not a finite")):
        path.write_text(text)
        assert word in rondo.bad("predict", model, "--input", path), text
    assert "eval" not in rondo.bad("eval", model, "--data", path)
    # A name on top and sequences: each starts anew.
    path.write_text("a,sequence,b\n1,one,2\n1,two,2\n")
    rows = rondo.good("predict", model, "--input", path).splitlines()
    assert rows[0] == "sequence,y0,y1" and rows[1][4:] == rows[2][4:], rows


def main():
    program, samples = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        rondo = Rondo(program, folder)
        import_samples(rondo, samples)
        say_what_was_understood(rondo, samples)
        add_the_input(rondo, samples)
        refuse_lies(rondo, samples)
        refuse_cut_files(rondo, samples)
        survive_changes(rondo, samples)
        refuse_bad_series(rondo, samples)
        name_the_outputs(rondo, samples)


main()
