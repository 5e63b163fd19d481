// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The modules of a PyTorch network, as its state_dict shows them: which tensors make a layer, and
// in what order data goes through them. Used by state_dict.cpp only.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "formats/safetensors.hpp"
#include "import/readers.hpp"

namespace rondo::tool {

struct Module {
  std::string name;                    // "encoder.lstm"; empty: tensors without a point
  std::vector<const Tensor*> tensors;  // in the order of the file
  std::string suffix;                  // what --chain says of it: an activation or "embedding"

  // nullptr where there is none.
  const Tensor* find(const std::string& leaf) const;
  // For messages.
  std::string tensor_name(const std::string& leaf) const;
};

// A module as layers of a chain; names of the layers beside them.
struct ModuleLayers {
  std::string name;
  bool embedding = false;
  bool recurrent = false;
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  struct Named {
    ImageLayer layer;
    std::string name;
    std::string note;
  };
  std::vector<Named> layers;
};

// Tensors by module, in the order of the file. i2h, i2o, o2o, h2h and h2o of one network are one.
std::vector<Module> modules_of(const TensorFile& file, const ImportOptions& options,
                               const std::string& place);

// One module; modules_recurrent.cpp has those with a state.
ModuleLayers layers_of(const Module& module, const ImportOptions& options,
                       const std::string& place);
ModuleLayers recurrent_layers(const Module& module, const ImportOptions& options,
                              const std::string& place);
ModuleLayers classroom_layers(const Module& module, const ImportOptions& options,
                              const std::string& place);

// Puts them in the order of the data: each reads as many numbers as the one before makes. `given`:
// by --chain. Returns whether no other order would do; throws Error where none does.
bool order_modules(std::vector<ModuleLayers>& modules, bool given, bool file_order,
                   const std::string& place);

}  // namespace rondo::tool
