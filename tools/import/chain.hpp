// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Puts an imported network together, layer by layer, and lets nothing through that the runtime
// would not run. Called by every reader of foreign models and by the reader of chain checkpoints.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "import/imported.hpp"

namespace rondo::tool {

class ChainBuilder {
 public:
  // `place` names the file in messages; `input` is token or f32. Throws Error where the number of
  // inputs is out of range.
  ChainBuilder(std::string place, Format input, std::size_t inputs);

  // A layer with its kind, mode, direction, outputs and arrays; what it reads follows from those
  // before it. `name`: how the file calls it. Throws Error where an array has another size than the
  // shape wants, or a number is not finite.
  void add(ImageLayer layer, const std::string& name, const std::string& note = {});

  // A line for people that is no layer.
  void say(const std::string& line) { model_.understood.push_back(line); }

  // What the next layer reads.
  std::size_t width() const { return width_; }
  const std::string& place() const { return place_; }

  // Closes the chain: the scores are those of a last dense layer, or the outputs themselves. Throws
  // Error where the runtime refuses what was made.
  ImportedModel finish(nlohmann::json source);

 private:
  void require_arrays(const ImageLayer& layer, const std::string& name) const;
  void close();

  std::string place_;
  ImportedModel model_;
  std::size_t width_ = 0;
  std::size_t below_ = 0;  // what the forward half of an open layer reads
};

// The image of a chain of float layers. max_steps: of a bidirectional one; others ignore it.
std::vector<std::uint8_t> pack_chain(const ImageContent& content, std::size_t max_steps = 1);
bool is_bidirectional(const ImageContent& content);

bool has_state(Kind kind);

// "none", "tanh", "sigmoid", "relu"; "last", "mean", "max".
const char* name_of(Activation activation);
const char* name_of(Pool pool);

}  // namespace rondo::tool
