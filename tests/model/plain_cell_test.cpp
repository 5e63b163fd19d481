// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Cells on plain matrices against the same layers in an image.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include <rondo/rondo.hpp>

#include "base/random.hpp"
#include "formats/image.hpp"
#include "formats/loaded_image.hpp"

using namespace rondo;

namespace {

struct PlainNet {
  const Cell* cell;
  PlainWeights weights;
  std::vector<float> w, u, b_ih, b_hh;

  PlainNet(const Cell& kind, std::uint32_t inputs, std::uint32_t units, Activation activation)
      : cell(&kind) {
    tool::Random random(inputs * 131 + units);
    const std::size_t rows = std::size_t{gates_of(kind.kind)} * units;
    const auto fill = [&](std::vector<float>& values, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        values.push_back(static_cast<float>(random.normal() / std::sqrt(double(inputs + units))));
      }
    };
    fill(w, rows * inputs);
    fill(u, rows * units);
    fill(b_ih, rows);
    fill(b_hh, rows);
    weights = {inputs, units, w.data(), u.data(), b_ih.data(), b_hh.data(), activation};
  }

  // The same layer in an image; the head is of no matter.
  tool::ImageContent content() const {
    tool::ImageLayer layer;
    layer.kind = cell->kind;
    layer.type = Type::f32;
    layer.input = layer.output = layer.recurrent = Format::f32;
    layer.mode = static_cast<std::uint8_t>(weights.activation);
    layer.inputs = weights.inputs;
    layer.outputs = weights.units;
    layer.w.f32 = w;
    layer.u.f32 = u;
    const std::size_t apart = cell->kind == Kind::gru ? weights.units : 0;
    for (std::size_t r = 0; r < b_ih.size(); ++r) {
      layer.bias_f32.push_back(r + apart < b_ih.size() ? b_ih[r] + b_hh[r] : b_ih[r]);
    }
    if (apart == 0) layer.bias_f32.back() = b_ih.back() + b_hh.back();
    layer.bias_f32.insert(layer.bias_f32.end(), b_hh.end() - static_cast<std::ptrdiff_t>(apart),
                          b_hh.end());
    tool::ImageLayer head;
    head.kind = Kind::linear;
    head.type = Type::f32;
    head.input = head.output = Format::f32;
    head.inputs = weights.units;
    head.outputs = 1;
    head.w.f32.assign(weights.units, 0.0F);
    head.bias_f32 = {0.0F};
    tool::ImageContent content;
    content.input = Format::f32;
    content.inputs = weights.inputs;
    content.outputs = 1;
    content.layers = {layer, head};
    return content;
  }
};

std::vector<PlainNet> nets() {
  std::vector<PlainNet> list;
  for (const auto& [inputs, units] : {std::pair{1U, 20U}, {3U, 5U}, {57U, 33U}}) {
    for (const Cell* cell : {&cell::lstm_f32, &cell::gru_f32, &cell::gru_before_f32}) {
      list.emplace_back(*cell, inputs, units, Activation::none);
    }
    for (const Activation activation : {Activation::none, Activation::tanh, Activation::relu}) {
      list.emplace_back(cell::rnn_f32, inputs, units, activation);
    }
  }
  return list;
}

}  // namespace

TEST_CASE("a cell on plain matrices gives the bits of the same layer in an image, on every set") {
  constexpr std::size_t k_steps = 21;
  for (const PlainNet& net : nets()) {
    for (const Isa isa : isa_list()) {
      if (!isa_available(isa)) continue;
      CAPTURE(int(net.cell->kind));
      tool::AlignedBytes memory(PlainCell::arena_bytes(*net.cell, net.weights));
      Arena arena(memory.view());
      PlainCell plain;
      REQUIRE(plain.bind(*net.cell, net.weights, arena, isa) == Status::ok);
      tool::LoadedImage image(tool::pack(net.content(), Packing::host), "net");
      tool::AlignedBytes other(image.model.arena_bytes().total());
      Arena stream_arena(other.view());
      Stream stream;
      REQUIRE(stream.bind(image.model, stream_arena, isa) == Status::ok);
      tool::Random random(7);
      std::vector<float> x, h(k_steps * net.weights.units), expected;
      for (std::size_t i = 0; i < k_steps * net.weights.inputs; ++i) {
        x.push_back(static_cast<float>(random.normal()));
      }
      for (std::size_t step = 0; step < k_steps; ++step) {
        stream.step_f32(&x[step * net.weights.inputs]);
        plain.step(&x[step * net.weights.inputs]);
        const float* const want = stream.hidden_f32(0);
        CHECK(std::memcmp(plain.h(), want, 4 * net.weights.units) == 0);
        expected.insert(expected.end(), want, want + net.weights.units);
      }
      plain.reset();
      plain.run(x.data(), k_steps, h.data());
      CHECK(std::memcmp(h.data(), expected.data(), 4 * h.size()) == 0);
    }
  }
}

// Cells keep beside their state what does not change from call to call (src/cell/kept.hpp).
TEST_CASE("a copied cell goes on in the same memory, and a cell bound there anew starts afresh") {
  const std::vector<PlainNet> all = nets();
  for (const Cell* kind : {&cell::lstm_f32, &cell::gru_f32}) {
    std::vector<const PlainNet*> same;
    std::size_t most = 0;
    for (const PlainNet& net : all) {
      if (net.cell != kind) continue;
      same.push_back(&net);
      most = std::max(most, PlainCell::arena_bytes(*kind, net.weights));
    }
    REQUIRE(same.size() == 3);
    tool::AlignedBytes memory(most);
    PlainCell cell;
    for (const PlainNet* net : same) {
      Arena arena(memory.view());
      REQUIRE(cell.bind(*kind, net->weights, arena) == Status::ok);
      tool::AlignedBytes other(PlainCell::arena_bytes(*kind, net->weights));
      Arena other_arena(other.view());
      PlainCell fresh;
      REQUIRE(fresh.bind(*kind, net->weights, other_arena) == Status::ok);
      tool::Random random(3);
      for (std::size_t step = 0; step < 4; ++step) {
        std::vector<float> x;
        for (std::size_t i = 0; i < net->weights.inputs; ++i) {
          x.push_back(static_cast<float>(random.normal()));
        }
        PlainCell copy = cell;
        (step % 2 == 0 ? cell : copy).step(x.data());
        fresh.step(x.data());
        CHECK(std::memcmp(cell.h(), fresh.h(), 4 * net->weights.units) == 0);
      }
    }
  }
}

TEST_CASE("a plain cell asks for exactly the bytes it takes, and refuses what it cannot be") {
  const PlainNet net(cell::gru_f32, 3, 5, Activation::none);
  const std::size_t needed = PlainCell::arena_bytes(*net.cell, net.weights);
  tool::AlignedBytes memory(needed);
  for (std::size_t size = 0; size <= needed; ++size) {
    Arena arena({memory.view().data(), size});
    PlainCell cell;
    const Status status = cell.bind(*net.cell, net.weights, arena);
    CHECK(status == (size == needed ? Status::ok : Status::arena_too_small));
  }
  Arena arena(memory.view());
  PlainCell cell;
  CHECK(cell.bind(cell::lstm_s8, net.weights, arena) == Status::bad_layout);
  CHECK(cell.bind(cell::linear_f32, net.weights, arena) == Status::bad_layout);
  PlainWeights wrong = net.weights;
  wrong.units = 0;
  CHECK(cell.bind(*net.cell, wrong, arena) == Status::bad_layout);
  wrong = net.weights;
  wrong.inputs = k_most_inputs + 1;
  CHECK(cell.bind(*net.cell, wrong, arena) == Status::bad_layout);
  wrong = net.weights;
  wrong.activation = Activation::tanh;
  CHECK(cell.bind(*net.cell, wrong, arena) == Status::bad_layout);
  wrong = net.weights;
  wrong.inputs = k_most_inputs;
  wrong.units = k_most_units;  // more than 32 bits can count
  CHECK(cell.bind(*net.cell, wrong, arena) == Status::bad_layout);
  CHECK(arena.used() == 0);
  wrong = net.weights;
  wrong.bias_ih = wrong.bias_hh = nullptr;
  CHECK(cell.bind(*net.cell, wrong, arena) == Status::ok);
}
