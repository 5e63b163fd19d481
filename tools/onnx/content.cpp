// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The end of a trace: from the links of a chain to ImageContent. See chain.hpp.
#include <algorithm>

#include "base/error.hpp"
#include "onnx/chain.hpp"

namespace rondo::tool {
namespace {

// Layer `next` reads scale * x + shift instead of x: both go into its weights.
void fold(const ImageLayer& diagonal, ImageLayer& next) {
  const std::size_t n = diagonal.outputs, rows = next.w.f32.size() / n;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t i = 0; i < n; ++i) {
      float& w = next.w.f32[r * n + i];
      next.bias_f32[r] += w * diagonal.bias_f32[i];
      w *= diagonal.w.f32[i * n + i];
    }
  }
}

bool has_weights(const ImageLayer& layer) {
  return layer.kind != Kind::pool && layer.kind != Kind::skip;
}

bool is_recurrent(const ImageLayer& layer) {
  return has_weights(layer) && layer.kind != Kind::dense && layer.kind != Kind::linear;
}

// The runtime's last layer of a bidirectional model is not a pair, so an identity stands behind it.
ImageLayer identity_of(std::uint32_t n) {
  ImageLayer layer;
  layer.kind = Kind::linear;
  layer.type = Type::f32;
  layer.input = layer.output = Format::f32;
  layer.inputs = layer.outputs = n;
  layer.w.f32.assign(std::size_t{n} * n, 0.0F);
  for (std::size_t i = 0; i < n; ++i) layer.w.f32[i * n + i] = 1;
  layer.bias_f32.assign(n, 0.0F);
  return layer;
}

}  // namespace

void Chain::fold_diagonals() {
  for (std::size_t i = links.size(); i-- > 0;) {
    if (!links[i].diagonal || i + 1 == links.size()) continue;
    const std::size_t end = i + 2 + (links[i + 1].layer.direction == Direction::forward ? 1 : 0);
    bool folds = end <= links.size();
    for (std::size_t k = i + 1; folds && k < end; ++k) {
      folds = has_weights(links[k].layer) && links[k].layer.inputs == links[i].layer.outputs;
    }
    if (!folds) continue;
    for (std::size_t k = i + 1; k < end; ++k) {
      fold(links[i].layer, links[k].layer);
      links[k].text += ", with the scaling before it";
    }
    links.erase(links.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

ImageContent Chain::content(const Flow& flow, const std::string& place) {
  fold_diagonals();
  for (std::size_t i = 0; i < links.size(); ++i) {
    const bool backward = links[i].layer.direction == Direction::backward;
    if (backward && (i == 0 || links[i - 1].layer.direction != Direction::forward)) {
      throw Error(place, "has a recurrent layer in reverse without a forward one beside it",
                  "reverse the sequences instead, and export it forward");
    }
  }
  ImageContent content;
  bool recurrent = false;
  for (const Link& link : links) {
    content.layers.push_back(link.layer);
    recurrent = recurrent || is_recurrent(link.layer);
  }
  if (!recurrent || flow.layers == 0) {
    throw Error(place, "has no recurrent layer between its input and its output",
                "expected RNN, GRU or LSTM nodes");
  }
  ImageLayer& last = content.layers.back();
  if (last.direction != Direction::only) {
    const std::uint32_t outputs = 2 * last.outputs;
    if (outputs > k_most_units) throw Error(place, "has too many outputs");
    content.layers.push_back(identity_of(outputs));
  } else if (last.kind == Kind::skip && content.layers.size() >= 2) {
    ImageLayer& scores = content.layers[content.layers.size() - 2];
    if (scores.kind == Kind::dense && scores.mode == 0) scores.kind = Kind::linear;
  } else if (last.kind == Kind::dense && last.mode == 0) {
    last.kind = Kind::linear;
  }
  content.input = content.layers[0].input;
  content.inputs = content.layers[0].inputs;
  content.outputs = content.layers.back().outputs;
  return content;
}

}  // namespace rondo::tool
