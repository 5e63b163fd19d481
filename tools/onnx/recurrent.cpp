// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See recurrent.hpp. W (D, G * H, I), R (D, G * H, H), B (D, 2 * G * H): D directions, gates i, o,
// f, c of an LSTM and z, r, h of a GRU.
#include "onnx/recurrent.hpp"

#include <algorithm>
#include <cctype>

namespace rondo::tool {
namespace {

struct Cell {
  Kind kind = Kind::rnn;
  std::vector<std::size_t> gates;  // rondo's gate k is the file's gates[k]
  std::size_t directions = 1;
  bool reverse = false;  // of one direction
  std::size_t inputs = 0, hidden = 0;

  std::size_t rows() const { return gates.size() * hidden; }
};

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// The activations of one direction; `mode` is set for an RNN.
void check_activations(const NodeView& view, const Cell& cell, std::size_t direction,
                       std::uint8_t& mode) {
  const OnnxAttribute* const list = view.attribute("activations");
  const std::vector<std::string> standard =
      cell.kind == Kind::rnn    ? std::vector<std::string>{"tanh"}
      : cell.kind == Kind::lstm ? std::vector<std::string>{"sigmoid", "tanh", "tanh"}
                                : std::vector<std::string>{"sigmoid", "tanh"};
  std::vector<std::string> names = standard;
  if (list != nullptr && !list->texts.empty()) {
    if (list->texts.size() != cell.directions * standard.size()) {
      view.refuse("has " + std::to_string(list->texts.size()) + " activations");
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      names[i] = lower(list->texts[direction * names.size() + i]);
    }
  }
  if (cell.kind == Kind::rnn) {
    static const std::vector<std::string> k_modes = {"none", "tanh", "sigmoid", "relu"};
    const auto found = std::find(k_modes.begin() + 1, k_modes.end(), names[0]);
    if (found != k_modes.end()) {
      mode = static_cast<std::uint8_t>(found - k_modes.begin());
      return;
    }
    // x * alpha + beta; 1 and 0, the defaults, are no activation at all, as in the classroom's RNN.
    const auto is = [&](const char* name, float wanted) {
      const OnnxAttribute* const a = view.attribute(name);
      return a == nullptr || direction >= a->reals.size() || a->reals[direction] == wanted;
    };
    if (names[0] == "affine" && is("activation_alpha", 1) && is("activation_beta", 0)) {
      mode = 0;
      return;
    }
  } else if (names == standard) {
    return;
  }
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + shown(name);
  view.refuse("has the activations " + text,
              "rondo's LSTM and GRU have sigmoid and tanh, its RNN has tanh, relu or sigmoid");
}

Cell cell_of(const NodeView& view) {
  Cell cell;
  const std::string& op = view.node.op;
  if (op == "LSTM") {
    cell.kind = Kind::lstm;
    cell.gates = {0, 2, 3, 1};
  } else if (op == "GRU") {
    cell.kind = view.integer("linear_before_reset", 0) != 0 ? Kind::gru : Kind::gru_before;
    cell.gates = {1, 0, 2};
  } else {
    cell.gates = {0};
  }
  const OnnxAttribute* const direction = view.attribute("direction");
  const std::string word = direction == nullptr ? "forward" : direction->text;
  if (word != "forward" && word != "reverse" && word != "bidirectional") {
    view.refuse("has the unknown direction \"" + shown(word) + "\"");
  }
  cell.directions = word == "bidirectional" ? 2 : 1;
  cell.reverse = word == "reverse";
  if (view.attribute("clip") != nullptr) view.refuse("has clip, which rondo's cells have not");
  if (view.integer("input_forget", 0) != 0) {
    view.refuse("has input_forget (coupled gates), which rondo's LSTM has not");
  }
  const Constant &w = view.real(1, "W"), &r = view.real(2, "R");
  if (w.dims.size() != 3 || r.dims.size() != 3 || w.dims[2] < 1 || r.dims[2] < 1 ||
      r.dims[2] > k_most_units) {
    view.refuse("W and R do not have three axes");
  }
  cell.inputs = static_cast<std::size_t>(w.dims[2]);
  cell.hidden = static_cast<std::size_t>(r.dims[2]);
  const auto rows = static_cast<std::int64_t>(cell.rows());
  const auto halves = static_cast<std::int64_t>(cell.directions);
  const bool fits =
      w.dims[0] == halves && r.dims[0] == halves && w.dims[1] == rows && r.dims[1] == rows;
  if (!fits) {
    view.refuse(
        "W and R do not fit a " + word + " layer of " + std::to_string(cell.hidden) + " units",
        "a projection of the state (proj_size) is one thing that rondo has not");
  }
  return cell;
}

// The rows of one direction in rondo's order of gates.
std::vector<float> rows_of(const Constant& c, const Cell& cell, std::size_t direction,
                           std::size_t width, std::size_t skipped = 0, std::size_t sets = 1) {
  std::vector<float> rows;
  const std::size_t base = (direction * sets + skipped) * cell.rows() * width;
  for (const std::size_t gate : cell.gates) {
    const auto first =
        c.reals.begin() + static_cast<std::ptrdiff_t>(base + gate * cell.hidden * width);
    rows.insert(rows.end(), first, first + static_cast<std::ptrdiff_t>(cell.hidden * width));
  }
  return rows;
}

std::vector<float> bias_of(const NodeView& view, const Cell& cell, std::size_t direction) {
  std::vector<float> bias(cell.rows(), 0.0F), inner(cell.rows(), 0.0F);
  if (view.input(3) != nullptr) {
    const Constant& b = view.real(3, "B");
    if (b.reals.size() != cell.directions * 2 * cell.rows()) view.refuse("B does not fit W");
    bias = rows_of(b, cell, direction, 1, 0, 2);
    inner = rows_of(b, cell, direction, 1, 1, 2);
  }
  const std::size_t added = cell.rows() - (cell.kind == Kind::gru ? cell.hidden : 0);
  for (std::size_t i = 0; i < added; ++i) bias[i] += inner[i];
  bias.insert(bias.end(), inner.begin() + static_cast<std::ptrdiff_t>(added), inner.end());
  return bias;
}

// One state of one direction, (H): the same for every sequence of the batch.
std::vector<float> state_of(const NodeView& view, const Cell& cell, std::size_t direction,
                            std::size_t input, Chain& chain) {
  std::vector<float> state(cell.hidden, 0.0F);
  const Value* const value = view.input(input);
  if (value == nullptr) return state;
  if (value->outside) {
    const std::string note = "state \"" + shown(view.name_of_input(input)) +
                             "\" is left out: a rondo Stream keeps its state, from zero on";
    if (chain.notes.empty() || chain.notes.back() != note) chain.notes.push_back(note);
    return state;
  }
  const Constant& c = view.real(input, input == 5 ? "initial_h" : "initial_c");
  const bool batch_first = view.integer("layout", 0) != 0;
  const std::size_t d = cell.directions, h = cell.hidden;
  if (c.dims.size() != 3 || c.reals.empty() || c.reals.size() % (d * h) != 0 ||
      c.dims[2] != static_cast<std::int64_t>(h) ||
      c.dims[batch_first ? 1 : 0] != static_cast<std::int64_t>(d)) {
    view.refuse("its initial state does not fit its units");
  }
  const std::size_t batch = c.reals.size() / (d * h);
  for (std::size_t b = 0; b < batch; ++b) {
    const std::size_t at = (batch_first ? b * d + direction : direction * batch + b) * h;
    for (std::size_t i = 0; i < h; ++i) {
      if (b == 0) state[i] = c.reals[at + i];
      if (c.reals[at + i] != state[i]) {
        view.refuse("its initial state differs from sequence to sequence");
      }
    }
  }
  return state;
}

void check_lengths(const NodeView& view, const Axis& time) {
  const Value* const value = view.input(4);
  if (value == nullptr) return;
  bool whole = value->constant && !value->constant->real && value->constant->unreadable.empty();
  for (std::size_t i = 0; whole && i < value->constant->wholes.size(); ++i) {
    const Whole& length = value->constant->wholes[i];
    whole = (length.axis >= 0 && length.axis == time.id) ||
            (length.axis < 0 && length.value == time.size && time.size != k_unknown);
  }
  if (!whole) {
    view.refuse("has sequence_lens that vary",
                "export it for whole sequences; rondo's caller says where a sequence ends");
  }
}

void check_peepholes(const NodeView& view) {
  if (view.input(7) == nullptr) return;
  for (const float v : view.real(7, "P").reals) {
    if (v != 0) view.refuse("has peepholes (P), which rondo's LSTM has not");
  }
}

// X as (time, batch, features); the first recurrent node says which axis is which.
void check_axes(const NodeView& view, const Cell& cell, const Flow& flow, Chain& chain) {
  const bool batch_first = view.integer("layout", 0) != 0;
  if (flow.axes.size() != 3) view.refuse("its X does not have three axes");
  const int time = flow.axes[batch_first ? 1 : 0].id, batch = flow.axes[batch_first ? 0 : 1].id;
  const bool first = chain.roles.time == k_no_axis;
  const auto fits = [](int id) { return id >= 0 || id == k_one_axis; };
  if (first && fits(time) && fits(batch)) chain.roles = {time, batch};
  if (time != chain.roles.time || batch != chain.roles.batch) {
    view.refuse("its X is not the steps of the sequences any more",
                "a recurrent layer reads every step of the one before it");
  }
  const std::size_t features = features_of(view, flow, chain.roles);
  if (features != cell.inputs) {
    view.refuse("its W is for " + std::to_string(cell.inputs) + " features, its X has " +
                std::to_string(features));
  }
}

// Whether this node reads what the last one read, in the other direction.
bool is_other_half(const Cell& cell, const Flow& flow, const Chain& chain) {
  if (cell.directions != 1 || chain.links.empty() || flow.layers + 1 != chain.links.size() ||
      flow.edits != chain.edits) {
    return false;
  }
  const ImageLayer& last = chain.links.back().layer;
  const Direction other = cell.reverse ? Direction::only : Direction::backward;
  return last.kind == cell.kind && last.direction == other &&
         chain.links.back().reads == flow.layers;
}

void add_half(const NodeView& view, const Cell& cell, const Flow& flow, std::size_t direction,
              Chain& chain) {
  ImageLayer layer;
  layer.kind = cell.kind;
  layer.recurrent = Format::f32;
  layer.inputs = static_cast<std::uint32_t>(cell.inputs);
  layer.outputs = static_cast<std::uint32_t>(cell.hidden);
  const bool backward = cell.reverse || direction == 1;
  layer.direction = backward               ? Direction::backward
                    : cell.directions == 2 ? Direction::forward
                                           : Direction::only;
  check_activations(view, cell, direction, layer.mode);
  layer.w.f32 = rows_of(view.real(1, "W"), cell, direction, cell.inputs);
  layer.u.f32 = rows_of(view.real(2, "R"), cell, direction, cell.hidden);
  layer.bias_f32 = bias_of(view, cell, direction);
  std::vector<float> initial = state_of(view, cell, direction, 5, chain);
  if (cell.kind == Kind::lstm) {
    const std::vector<float> c = state_of(view, cell, direction, 6, chain);
    initial.insert(initial.begin(), c.begin(), c.end());
  }
  const bool zero = std::all_of(initial.begin(), initial.end(), [](float v) { return v == 0; });
  if (!zero) layer.initial_f32 = std::move(initial);
  const std::string way = cell.directions == 2 ? ", both directions"
                          : cell.reverse       ? ", reverse"
                                               : "";
  chain.add(view, flow, std::move(layer), lower(view.node.op) + way);
}

}  // namespace

std::vector<Value> add_recurrent(const NodeView& view, Chain& chain) {
  const Flow* const x = view.flow(0);
  if (x == nullptr) view.refuse("its X does not come from the model's input");
  const Cell cell = cell_of(view);
  if (!is_other_half(cell, *x, chain)) chain.require_top(view, *x);
  check_axes(view, cell, *x, chain);
  const bool batch_first = view.integer("layout", 0) != 0;
  check_lengths(view, x->axes[batch_first ? 1 : 0]);
  check_peepholes(view);
  for (std::size_t d = 0; d < cell.directions; ++d) {
    add_half(view, cell, *x, d, chain);
  }
  Flow y = *x;
  y.tokens = y.one_hot = false;
  y.layers = chain.links.size();
  const Axis direction = cell.directions == 2 ? Axis{k_direction_axis, 2} : Axis{};
  y.axes[2] = {k_feature_axis, static_cast<std::int64_t>(cell.hidden)};
  y.axes.insert(y.axes.begin() + (batch_first ? 2 : 1), direction);
  Flow y_h = y;
  y_h.axes.erase(y_h.axes.begin() + (batch_first ? 1 : 0));
  std::vector<Value> outputs(3);
  outputs[0].flow = y;
  if (cell.directions == 1 && !cell.reverse) {
    outputs[1].flow = y_h;
  } else {
    outputs[1].lost =
        "the last state of the backward half: rondo's layers hand on what both "
        "directions have at the last step";
  }
  outputs[2].lost = "the cell state c, which rondo's LSTM keeps to itself";
  outputs.resize(std::max<std::size_t>(view.node.outputs.size(), 1));
  return outputs;
}

}  // namespace rondo::tool
