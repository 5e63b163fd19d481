// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What predict, quantize and inspect do with imported networks; each of these commands asks the
// model first and comes here, or goes on with its own.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "command/command.hpp"

namespace rondo::tool {

// Whether the file holds an imported network, as checkpoint or as image.
bool is_imported(const std::filesystem::path& model);

// A row of outputs for each step. `output`: a file to write; empty: standard output.
void predict_imported(const std::string& model, const std::string& input, const std::string& output,
                      const Console& console);

struct QuantizeImported {
  std::string model, data, out;
  bool int8 = true;
  int activations = 8;
  std::string report;  // folder, or empty
  std::uint32_t version = 0;
  std::size_t max_steps = 0;  // bidirectional networks; 0: as many as the data has
};
void quantize_imported(const QuantizeImported& options, const Console& console);

void inspect_imported(const std::string& model, const Console& console);

}  // namespace rondo::tool
