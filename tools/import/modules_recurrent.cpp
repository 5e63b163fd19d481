// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Modules with a state: nn.LSTM, nn.GRU, nn.RNN of any depth and direction, their cells, and the
// networks of the classroom, which join x and h in front of one map. See modules.hpp.
#include <algorithm>

#include "base/error.hpp"
#include "import/chain.hpp"
#include "import/modules.hpp"

namespace rondo::tool {
namespace {

// Units of a classroom network: its matrix is square, however small the file.
constexpr std::size_t k_most_joined = 4096;

struct CellOf {
  Kind kind;
  Activation mode;
};

std::size_t gates_of_name(const std::string& cell) {
  return cell == "lstm" ? k_lstm_gates : cell == "gru" ? k_gru_gates : 1;
}

// By the rows of weight_hh (G H, H), and by --cell where it is given.
CellOf cell_of(const Tensor& u, const std::string& cell, const std::string& place) {
  const std::size_t columns = u.shape.size() == 2 ? u.shape[1] : 0;
  const std::size_t gates = columns > 0 ? u.shape[0] / columns : 0;
  const bool whole = columns > 0 && u.shape[0] == gates * columns;
  if (!whole || (gates != k_lstm_gates && gates != k_gru_gates && gates != 1)) {
    throw Error(place,
                "tensor " + u.name + " " + shape_text(u.shape) +
                    ": expected (4 H, H) of an LSTM, (3 H, H) of a GRU or (H, H) of an RNN",
                "an LSTM with a projection (proj_size) has no such form: rondo cannot run it");
  }
  if (!cell.empty() && gates_of_name(cell) != gates) {
    throw Error(place,
                "tensor " + u.name + " " + shape_text(u.shape) + " has " + std::to_string(gates) +
                    " gate(s), expected " + std::to_string(gates_of_name(cell)) + " of --cell " +
                    cell,
                "leave --cell out: the shapes tell LSTM, GRU and RNN apart");
  }
  if (gates == k_lstm_gates) return {Kind::lstm, Activation::none};
  if (gates == k_gru_gates) return {Kind::gru, Activation::none};
  return {Kind::rnn, cell == "relu" ? Activation::relu : Activation::tanh};
}

// b_ih + b_hh, but for the n of a GRU, whose b_hh stands inside the reset.
std::vector<float> joined_bias(const std::vector<float>& b_ih, const std::vector<float>& b_hh,
                               std::size_t apart) {
  const std::size_t added = b_ih.size() - apart;
  std::vector<float> bias = b_ih;
  for (std::size_t r = 0; r < added; ++r) bias[r] += b_hh[r];
  bias.insert(bias.end(), b_hh.begin() + static_cast<std::ptrdiff_t>(added), b_hh.end());
  return bias;
}

// Reads the tensors of one module and knows which of them nobody asked for.
class Reader {
 public:
  Reader(const Module& module, const ImportOptions& options, const std::string& place)
      : module_(module), options_(options), place_(place) {}

  // One direction of one layer; `end` is "_l0", "_l0_reverse", or empty for a cell.
  ImageLayer layer(const std::string& end, std::size_t inputs) {
    const Tensor& u = need("weight_hh" + end);
    const CellOf cell = cell_of(u, options_.cell, place_);
    const std::size_t units = u.shape[1], rows = u.shape[0];
    const std::size_t w_shape[] = {rows, inputs}, bias_shape[] = {rows};
    const std::string why = "as " + u.name + " is " + shape_text(u.shape);
    ImageLayer layer;
    layer.kind = cell.kind;
    layer.mode = static_cast<std::uint8_t>(cell.mode);
    layer.outputs = static_cast<std::uint32_t>(units);
    layer.u.f32 = values_of(u, u.shape, place_, why);
    layer.w.f32 = values_of(need("weight_ih" + end), w_shape, place_,
                            why + " and it reads " + std::to_string(inputs) + " inputs");
    const std::vector<float> zeros(rows);
    const Tensor* const b_ih = take("bias_ih" + end);
    const Tensor* const b_hh = take("bias_hh" + end);
    layer.bias_f32 =
        joined_bias(b_ih != nullptr ? values_of(*b_ih, bias_shape, place_, why) : zeros,
                    b_hh != nullptr ? values_of(*b_hh, bias_shape, place_, why) : zeros,
                    cell.kind == Kind::gru ? units : 0);
    return layer;
  }

  const Tensor* take(const std::string& leaf) {
    const Tensor* const tensor = module_.find(leaf);
    if (tensor != nullptr) ++taken_;
    return tensor;
  }

  const Tensor& need(const std::string& leaf) {
    if (const Tensor* const tensor = take(leaf)) return *tensor;
    throw Error(place_, "tensor " + module_.tensor_name(leaf) + " is missing",
                "the module " + module_.name + " has others of its kind");
  }

  void require_all_taken() const {
    if (taken_ == module_.tensors.size()) return;
    throw Error(place_,
                "module \"" + module_.name + "\" has " + std::to_string(module_.tensors.size()) +
                    " tensors, of which " + std::to_string(taken_) +
                    " are those of LSTM, GRU or RNN; its last is " + module_.tensors.back()->name,
                "projections (weight_hr) and layers of one's own are not known to rondo");
  }

 private:
  const Module& module_;
  const ImportOptions& options_;
  const std::string& place_;
  std::size_t taken_ = 0;
};

std::size_t columns_of(const Tensor& w, const std::string& place) {
  if (w.shape.size() == 2) return w.shape[1];
  throw Error(place, "tensor " + w.name + " has shape " + shape_text(w.shape) +
                         ", expected two axes: (gates x H, inputs)");
}

// The rows of a map of [x, h], with `unread` zeros for units that are not read back.
void add_map(const Tensor& weight, const Tensor& bias, std::size_t inputs, std::size_t hidden,
             std::size_t unread, const std::string& place, ImageLayer& layer) {
  const std::size_t rows = weight.shape.empty() ? 0 : weight.shape[0];
  const std::size_t shape[] = {rows, inputs + hidden}, bias_shape[] = {rows};
  const std::string why =
      "as it reads " + std::to_string(inputs) + " inputs and " + std::to_string(hidden) + " units";
  const auto& w = values_of(weight, shape, place, why);
  const auto& b = values_of(bias, bias_shape, place, "as " + weight.name + " has rows");
  for (std::size_t r = 0; r < rows; ++r) {
    const auto x = w.begin() + static_cast<std::ptrdiff_t>(r * (inputs + hidden));
    const auto h = x + static_cast<std::ptrdiff_t>(inputs);
    layer.w.f32.insert(layer.w.f32.end(), x, h);
    layer.u.f32.insert(layer.u.f32.end(), h, h + static_cast<std::ptrdiff_t>(hidden));
    layer.u.f32.insert(layer.u.f32.end(), unread, 0.0F);
  }
  layer.bias_f32.insert(layer.bias_f32.end(), b.begin(), b.end());
  layer.outputs += static_cast<std::uint32_t>(rows);
}

ImageLayer picked(std::size_t first, std::size_t count) {
  ImageLayer head;
  head.kind = Kind::dense;
  head.outputs = static_cast<std::uint32_t>(count);
  head.w.f32.assign(count * (first + count), 0.0F);
  for (std::size_t i = 0; i < count; ++i) head.w.f32[i * (first + count) + first + i] = 1;
  head.bias_f32.assign(count, 0.0F);
  return head;
}

ImageLayer dense_of(const Tensor& weight, const Tensor& bias, std::size_t inputs,
                    const std::string& place) {
  ImageLayer head;
  head.kind = Kind::dense;
  add_map(weight, bias, inputs, 0, 0, place, head);
  head.u.f32.clear();
  return head;
}

}  // namespace

ModuleLayers recurrent_layers(const Module& module, const ImportOptions& options,
                              const std::string& place) {
  Reader reader(module, options, place);
  ModuleLayers result;
  result.name = module.name;
  result.recurrent = true;
  const bool cell = module.find("weight_ih") != nullptr;
  const auto label = [&](const std::string& end) { return module.tensor_name("weight_ih" + end); };
  std::size_t layers = 0;
  while (module.find("weight_ih_l" + std::to_string(layers)) != nullptr) ++layers;
  if (!cell && layers == 0) reader.need("weight_ih_l0");
  for (std::size_t l = 0; l < (cell ? 1 : layers); ++l) {
    const std::string end = cell ? "" : "_l" + std::to_string(l);
    const std::size_t inputs =
        l == 0 ? columns_of(*module.find("weight_ih" + end), place) : result.outputs;
    if (l == 0) result.inputs = inputs;
    ImageLayer forward = reader.layer(end, inputs);
    result.outputs = forward.outputs;
    const bool both = !cell && module.find("weight_ih" + end + "_reverse") != nullptr;
    if (both) forward.direction = Direction::forward;
    result.layers.push_back({std::move(forward), label(end), {}});
    if (!both) continue;
    ImageLayer backward = reader.layer(end + "_reverse", inputs);
    backward.direction = Direction::backward;
    result.outputs += backward.outputs;
    result.layers.push_back({std::move(backward), label(end + "_reverse"), {}});
  }
  if (result.layers.front().layer.kind == Kind::rnn && options.cell.empty()) {
    result.layers.front().note = "tanh as PyTorch has it by default (--cell relu: ReLU)";
  }
  reader.require_all_taken();
  return result;
}

// i2h and i2o of [x, h] have no activation; the form of PyTorch's newer lessons, i2h of x, h2h of h
// and h2o, has tanh.
ModuleLayers classroom_layers(const Module& module, const ImportOptions&,
                              const std::string& place) {
  const ImportOptions none;
  Reader reader(module, none, place);
  const auto weight = [&](const char* map) -> const Tensor& {
    return reader.need(std::string(map) + ".weight");
  };
  const auto bias = [&](const char* map) -> const Tensor& {
    return reader.need(std::string(map) + ".bias");
  };
  ModuleLayers result;
  result.name = module.name;
  result.recurrent = true;
  ImageLayer layer;
  layer.kind = Kind::rnn;
  const std::size_t columns = columns_of(weight("i2h"), place);
  const std::size_t hidden = module.find("i2h.weight")->shape[0];
  if (module.find("h2h.weight") != nullptr) {
    result.inputs = columns;
    layer.mode = static_cast<std::uint8_t>(Activation::tanh);
    add_map(*module.find("i2h.weight"), bias("i2h"), columns, 0, 0, place, layer);
    const std::size_t square[] = {hidden, hidden}, rows[] = {hidden};
    layer.u.f32 = values_of(weight("h2h"), square, place, "as i2h has rows");
    const auto& b = values_of(bias("h2h"), rows, place, "as i2h has rows");
    for (std::size_t r = 0; r < hidden; ++r) layer.bias_f32[r] += b[r];
    ImageLayer head = dense_of(weight("h2o"), bias("h2o"), hidden, place);
    result.outputs = head.outputs;
    result.layers.push_back({std::move(layer), module.tensor_name("i2h, h2h"), {}});
    result.layers.push_back({std::move(head), module.tensor_name("h2o"), {}});
    reader.require_all_taken();
    return result;
  }
  if (columns <= hidden) {
    throw Error(place, "tensor " + module.tensor_name("i2h.weight") + " has shape " +
                           shape_text(module.find("i2h.weight")->shape) +
                           ", expected (H, I + H): it reads x and h");
  }
  result.inputs = columns - hidden;
  if (module.find("h2o.weight") != nullptr) {  // the scores read the new h
    add_map(*module.find("i2h.weight"), bias("i2h"), result.inputs, hidden, 0, place, layer);
    ImageLayer head = dense_of(weight("h2o"), bias("h2o"), hidden, place);
    result.outputs = head.outputs;
    result.layers.push_back({std::move(layer), module.tensor_name("i2h"), "classroom"});
    result.layers.push_back({std::move(head), module.tensor_name("h2o"), {}});
    reader.require_all_taken();
    return result;
  }
  const Tensor& i2o = weight("i2o");
  const std::size_t scores = i2o.shape.empty() ? 0 : i2o.shape[0];
  if (hidden + scores > k_most_joined) {
    throw Error(place, "i2h and i2o have " + std::to_string(hidden + scores) +
                           " rows, expected at most " + std::to_string(k_most_joined));
  }
  add_map(*module.find("i2h.weight"), bias("i2h"), result.inputs, hidden, scores, place, layer);
  add_map(i2o, bias("i2o"), result.inputs, hidden, scores, place, layer);
  result.layers.push_back({std::move(layer), module.tensor_name("i2h, i2o"), "classroom"});
  if (module.find("o2o.weight") != nullptr) {
    result.layers.push_back({dense_of(weight("o2o"), bias("o2o"), hidden + scores, place),
                             module.tensor_name("o2o"),
                             {}});
  } else {
    result.layers.push_back({picked(hidden, scores), "the scores are those of i2o", {}});
  }
  result.outputs = result.layers.back().layer.outputs;
  reader.require_all_taken();
  return result;
}

}  // namespace rondo::tool
