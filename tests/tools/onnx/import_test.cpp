// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// import_onnx on files that PyTorch wrote (samples.py): the float runtime gives what PyTorch gave;
// and on damaged ones: an Error, and never anything else.
#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/random.hpp"
#include "onnx/import_onnx.hpp"
#include "onnx/wire.hpp"
#include "run_model.hpp"

namespace rondo::tool {
namespace {

const char* const k_samples[] = {"lstm_last", "gru_embedding", "rnn_one_hot", "lstm_both"};

std::vector<std::uint8_t> sample(const std::string& name) {
  return read_bytes(std::string(RONDO_SAMPLES) + "/" + name + ".onnx");
}

// Whether the bytes are a model; an Error counts as no, anything else thrown fails the test.
bool is_read(Bytes bytes) {
  try {
    import_onnx(bytes, "hostile");
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST_CASE("what PyTorch exported gives PyTorch's answers") {
  for (const std::string name : k_samples) {
    CAPTURE(name);
    const ImportedModel model = import_onnx(sample(name), name);
    const TensorFile file =
        read_safetensors(std::string(RONDO_SAMPLES) + "/" + name + ".safetensors");
    const auto& x = find_tensor(file, "x", name);
    const auto& y = std::get<std::vector<float>>(find_tensor(file, "y", name).values);
    const std::vector<float> scores = scores_of(model.content, x.values);
    REQUIRE(scores.size() >= y.size());
    CHECK((model.source["answers"] == "every_step") == (scores.size() == y.size()));
    for (std::size_t i = 0; i < y.size(); ++i) {
      // Sums of fewer than 20 terms below 4, in another order.
      CHECK(std::abs(scores[scores.size() - y.size() + i] - y[i]) < 1e-5F);
    }
  }
}

TEST_CASE("layers are told one by one") {
  const ImportedModel model = import_onnx(sample("lstm_both"), "f");
  CHECK(model.understood ==
        std::vector<std::string>{"lstm, both directions, 3 -> 3", "lstm, both directions, 3 -> 3",
                                 "lstm, both directions, 6 -> 3", "lstm, both directions, 6 -> 3",
                                 "mean over time, 6 -> 6", "dense, 6 -> 6", "dense, 6 -> 4"});
  CHECK(model.content.layers.back().kind == Kind::linear);
  CHECK(model.source["format"] == "onnx");
  CHECK(model.source["input"] == "x");
}

TEST_CASE("a file that ends early is refused, wherever it ends") {
  for (const std::string name : k_samples) {
    const std::vector<std::uint8_t> whole = sample(name);
    REQUIRE(is_read(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::vector<std::uint8_t> cut(whole.begin(),
                                          whole.begin() + static_cast<std::ptrdiff_t>(size));
      CAPTURE(size);
      // The list of operator sets stands behind the graph and may be missing.
      const bool read = is_read(cut);
      CHECK((!read || size + 16 > whole.size()));
    }
  }
}

TEST_CASE("damaged bytes are refused or read, but nothing else happens") {
  Random random(20);
  std::size_t refused = 0;
  for (const std::string name : k_samples) {
    const std::vector<std::uint8_t> whole = sample(name);
    for (int i = 0; i < 2000; ++i) {
      std::vector<std::uint8_t> bytes = whole;
      for (std::uint64_t k = 0; k < 1 + random.below(4); ++k) {
        bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.below(256));
      }
      if (!is_read(bytes)) ++refused;
    }
  }
  CHECK(refused > 1000);
}

// A graph of one node with these attributes and initializers around it.
struct Draft {
  WireWriter graph;

  void node(const std::string& op, const std::vector<std::string>& inputs,
            const std::string& output, const WireWriter* attribute = nullptr) {
    WireWriter node;
    for (const std::string& name : inputs) node.text(1, name);
    node.text(2, output);
    node.text(3, op + " of the test");
    node.text(4, op);
    if (attribute != nullptr) node.message(5, *attribute);
    graph.message(1, node);
  }
  void integers(const std::string& name, const std::vector<std::int64_t>& values) {
    WireWriter tensor;
    tensor.integer(1, static_cast<std::int64_t>(values.size()));
    tensor.integer(2, 7);
    for (const std::int64_t v : values) tensor.integer(7, v);
    tensor.text(8, name);
    graph.message(5, tensor);
  }
  void input(const std::string& name, const std::vector<std::int64_t>& dims) {
    WireWriter shape, tensor, type, value;
    for (const std::int64_t d : dims) {
      WireWriter dimension;
      dimension.integer(1, d);
      shape.message(1, dimension);
    }
    tensor.integer(1, 1);
    tensor.message(2, shape);
    type.message(1, tensor);
    value.text(1, name);
    value.message(2, type);
    graph.message(11, value);
  }
  // What import says of it.
  std::string error() const {
    WireWriter output, model;
    output.text(1, "y");
    WireWriter whole = graph;
    whole.message(12, output);
    model.message(7, whole);
    try {
      import_onnx(model.data(), "draft");
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("huge sizes cost an error and no memory") {
  Draft draft;
  draft.input("x", {4, 1, 3});
  draft.integers("huge", {1LL << 40, 1LL << 40});
  draft.node("ConstantOfShape", {"huge"}, "w");
  draft.node("MatMul", {"x", "w"}, "y");
  CHECK(says(draft.error(), "excessive size"));
  Draft many;  // each within reason, together not
  many.input("x", {4, 1, 3});
  many.integers("s", {1 << 12, 1 << 13});
  for (const char* const name : {"a", "b", "c", "d"}) many.node("ConstantOfShape", {"s"}, name);
  many.node("Concat", {"a", "b", "c", "d", "x"}, "y");
  CHECK(says(many.error(), "excessive size"));
}

TEST_CASE("an empty axis has no element to take") {
  Draft draft;
  draft.input("x", {4, 1, 3});
  draft.integers("none", {});
  WireWriter zero;  // a scalar
  zero.integer(2, 7);
  zero.integer(7, 0);
  zero.text(8, "zero");
  draft.graph.message(5, zero);
  draft.node("Gather", {"none", "zero"}, "w");
  draft.node("Reshape", {"x", "w"}, "y");
  CHECK(says(draft.error(), "empty axis"));
}

TEST_CASE("a tensor that claims more than it has is refused") {
  WireWriter tensor;
  tensor.integer(1, 1LL << 62);
  tensor.integer(1, 4);
  tensor.integer(2, 1);
  tensor.text(8, "w");
  tensor.text(9, "12345678");
  Draft draft;
  draft.input("x", {4, 1, 3});
  draft.graph.message(5, tensor);
  draft.node("MatMul", {"x", "w"}, "y");
  CHECK(says(draft.error(), "\"w\" does not have as much data"));
}

TEST_CASE("graphs inside graphs are not opened, however deep") {
  WireWriter inner;
  for (int depth = 0; depth < 200; ++depth) {
    WireWriter attribute, node;
    attribute.text(1, "body");
    attribute.message(6, inner);
    node.text(4, "If");
    node.message(5, attribute);
    inner = WireWriter();
    inner.message(1, node);
  }
  WireWriter attribute;
  attribute.text(1, "then_branch");
  attribute.message(6, inner);
  Draft draft;
  draft.input("x", {4, 1, 3});
  draft.node("If", {"x"}, "y", &attribute);
  CHECK(says(draft.error(), "\"If of the test\" (If): is an operator"));
}

TEST_CASE("a node that reads itself, or what comes later, is refused") {
  Draft draft;
  draft.input("x", {4, 1, 3});
  draft.node("Add", {"y", "x"}, "y");
  CHECK(says(draft.error(), "no node before it has made"));
}

TEST_CASE("a file of another kind is refused in words") {
  const std::string text = "{\"not\": \"onnx\"}";
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  CHECK_THROWS_WITH_AS(import_onnx(bytes, "a.json"),
                       doctest::Contains("a.json: is damaged or not an ONNX file"), Error);
  CHECK_THROWS_WITH_AS(import_onnx({}, "empty"), doctest::Contains("holds no ONNX graph"), Error);
}

}  // namespace
}  // namespace rondo::tool
