// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See chain.hpp.
#include "import/chain.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <rondo/rondo.hpp>

#include "base/error.hpp"
#include "formats/loaded_image.hpp"

namespace rondo::tool {
namespace {

bool has_matrix(Kind kind) {
  return has_state(kind) || kind == Kind::dense || kind == Kind::linear;
}

std::string in_range(const char* what, std::size_t value, std::size_t most) {
  return "has " + std::to_string(value) + " " + what + ", expected 1 to " + std::to_string(most);
}

// "lstm            1 -> 16     1,216 parameters   lstm.l0"
std::string line_of(const ImageLayer& layer, const std::string& name, const std::string& note) {
  const std::size_t parameters = layer.w.f32.size() + layer.u.f32.size() + layer.bias_f32.size();
  std::string kind = name_of(layer.kind);
  const auto mode = static_cast<Activation>(layer.mode);
  if (layer.kind == Kind::pool) kind += std::string(" ") + name_of(static_cast<Pool>(layer.mode));
  if (layer.kind == Kind::dense && layer.input == Format::token) kind = "embedding";
  if (layer.kind == Kind::rnn || (layer.kind == Kind::dense && layer.mode != 0)) {
    kind += std::string(" ") + name_of(mode);
  }
  if (layer.direction == Direction::forward) kind += " forward";
  if (layer.direction == Direction::backward) kind += " backward";
  const std::string sizes = std::to_string(layer.inputs) + " -> " + std::to_string(layer.outputs);
  std::string line = kind + std::string(kind.size() < 16 ? 16 - kind.size() : 1, ' ') + sizes +
                     std::string(sizes.size() < 14 ? 14 - sizes.size() : 1, ' ') +
                     std::to_string(parameters) + " parameters";
  if (!name.empty()) line += ", " + name;
  if (!layer.initial_f32.empty()) line += ", with its initial state";
  return note.empty() ? line : line + ", " + note;
}

}  // namespace

const char* name_of(Activation activation) {
  constexpr const char* k_names[] = {"none", "tanh", "sigmoid", "relu"};
  return k_names[static_cast<std::size_t>(activation)];
}

const char* name_of(Pool pool) {
  constexpr const char* k_names[] = {"last", "mean", "max"};
  return k_names[static_cast<std::size_t>(pool)];
}

bool has_state(Kind kind) {
  return kind == Kind::lstm || kind == Kind::gru || kind == Kind::gru_before || kind == Kind::rnn;
}

bool is_bidirectional(const ImageContent& content) {
  return std::any_of(content.layers.begin(), content.layers.end(),
                     [](const ImageLayer& l) { return l.direction != Direction::only; });
}

std::vector<std::uint8_t> pack_chain(const ImageContent& content, std::size_t max_steps) {
  ImageContent whole = content;
  whole.max_steps = is_bidirectional(content) ? static_cast<std::uint32_t>(max_steps) : 0;
  return pack(whole, Packing::host);
}

ChainBuilder::ChainBuilder(std::string place, Format input, std::size_t inputs)
    : place_(std::move(place)), width_(inputs) {
  if (inputs < 1 || inputs > k_most_inputs) {
    throw Error(place_, in_range("inputs", inputs, k_most_inputs));
  }
  model_.content.input = input;
  model_.content.inputs = static_cast<std::uint32_t>(inputs);
}

void ChainBuilder::require_arrays(const ImageLayer& layer, const std::string& name) const {
  const std::size_t rows = has_matrix(layer.kind) ? gates_of(layer.kind) * layer.outputs : 0;
  const std::size_t inside = layer.kind == Kind::gru ? layer.outputs : 0;
  const std::size_t initial = layer.outputs * (layer.kind == Kind::lstm ? 2 : 1);
  const auto require = [&](const char* what, const std::vector<float>& values, std::size_t wanted) {
    if (values.size() != wanted) {
      throw Error(place_, "layer " + name + ": " + what + " has " + std::to_string(values.size()) +
                              " values, expected " + std::to_string(wanted));
    }
    const auto bad =
        std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
    if (bad != values.end()) {
      throw Error(place_,
                  "layer " + name + ": value " + std::to_string(bad - values.begin()) + " of " +
                      what + " is not a finite float",
                  "is the file damaged, or did its training diverge?");
    }
  };
  require("W", layer.w.f32, rows * layer.inputs);
  require("U", layer.u.f32, has_state(layer.kind) ? rows * layer.outputs : 0);
  require("the bias", layer.bias_f32, rows + inside);
  if (!layer.initial_f32.empty()) require("the initial state", layer.initial_f32, initial);
}

void ChainBuilder::add(ImageLayer layer, const std::string& name, const std::string& note) {
  ImageContent& content = model_.content;
  if (content.layers.size() >= k_most_layers) {
    throw Error(place_, "has more than " + std::to_string(k_most_layers) + " layers");
  }
  if (layer.outputs < 1 || layer.outputs > k_most_units) {
    throw Error(place_, "layer " + name + ": " + in_range("units", layer.outputs, k_most_units));
  }
  const bool back = layer.direction == Direction::backward;
  if (!back) below_ = width_;
  if (below_ > k_most_inputs) {
    throw Error(place_, "layer " + name + ": " + in_range("inputs", below_, k_most_inputs));
  }
  layer.type = Type::f32;
  layer.inputs = static_cast<std::uint32_t>(below_);
  const std::size_t halves = content.layers.size() - (back ? 1 : 0);
  layer.input = halves == 0 ? content.input : Format::f32;
  layer.output = Format::f32;
  layer.recurrent = has_state(layer.kind) || layer.kind == Kind::skip ? Format::f32 : Format::token;
  require_arrays(layer, name);
  width_ = back ? 2 * std::size_t{layer.outputs} : layer.outputs;
  model_.understood.push_back(line_of(layer, name, note));
  content.layers.push_back(std::move(layer));
}

// A linear layer takes what the last one made: its own rows, or those of the identity.
void ChainBuilder::close() {
  std::vector<ImageLayer>& layers = model_.content.layers;
  const auto last = std::find_if(layers.rbegin(), layers.rend(),
                                 [](const ImageLayer& l) { return l.kind != Kind::skip; });
  const auto state = std::find_if(layers.rbegin(), layers.rend(),
                                  [](const ImageLayer& l) { return has_state(l.kind); });
  if (state == layers.rend()) {
    throw Error(place_, "has no recurrent layer",
                "rondo runs recurrent networks: LSTM, GRU, RNN, with dense layers around them");
  }
  if (last->kind == Kind::dense && last->mode == 0) last->kind = Kind::linear;
  if (layers.back().kind == Kind::pool || has_state(layers.back().kind)) {
    ImageLayer head;
    head.kind = Kind::linear;
    head.outputs = static_cast<std::uint32_t>(width_);
    head.w.f32.assign(width_ * width_, 0.0F);
    for (std::size_t i = 0; i < width_; ++i) head.w.f32[i * width_ + i] = 1;
    head.bias_f32.assign(width_, 0.0F);
    add(std::move(head), "no head in the file: the outputs are the scores");
  }
}

ImportedModel ChainBuilder::finish(nlohmann::json source) {
  close();
  model_.content.outputs = static_cast<std::uint32_t>(width_);
  model_.source = std::move(source);
  const std::vector<std::uint8_t> bytes = pack_chain(model_.content);
  const AlignedBytes image{std::span<const std::uint8_t>(bytes)};
  ArenaBytes arena{};
  const Status status = Model::measure(image.bytes(), all_cells(), arena);
  if (status != Status::ok) {
    throw Error(place_, std::string("its layers, in this order, cannot run: ") + name_of(status),
                "of a bidirectional layer both directions are needed, skip stands last");
  }
  return std::move(model_);
}

}  // namespace rondo::tool
