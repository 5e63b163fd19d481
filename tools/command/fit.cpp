// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/fit.hpp"

#include <algorithm>
#include <sstream>

#include "base/error.hpp"
#include "formats/header.hpp"
#include "formats/loaded_image.hpp"
#include "formats/runtime_files.hpp"

namespace rondo::tool {
namespace {

constexpr const char* k_usage = "write for instance: --fit flash=64K ram=8K";
constexpr std::uint64_t k_most_bytes = std::uint64_t{1} << 30;
// Image and search stay within what a workstation holds easily: no microcontroller has more.
constexpr std::uint32_t k_most_hidden = 4096;
constexpr std::uint64_t k_token_table_bytes = 512;   // NAME_token_of
constexpr std::uint64_t k_object_bytes_of_32 = 100;  // rondo_object_bytes on 32-bit cores

std::uint64_t size_of_word(const std::string& word, const std::string& text) {
  std::string digits = text;
  std::uint64_t unit = 1;
  if (!digits.empty() && std::string("KkMm").find(digits.back()) != std::string::npos) {
    unit = digits.back() == 'K' || digits.back() == 'k' ? 1024 : 1024 * 1024;
    digits.pop_back();
  }
  const bool number = !digits.empty() && digits.size() <= 10 &&
                      digits.find_first_not_of("0123456789") == std::string::npos;
  const std::uint64_t size = number ? std::stoull(digits) * unit : 0;
  if (size == 0 || size > k_most_bytes) {
    throw Error("--fit", "\"" + word + "\" has no size of 1 to 1024M",
                "bytes, or with K or M for 1024 and 1024 * 1024 of them");
  }
  return size;
}

// The greatest figure that budget.txt has for the core and that name, of all compilers.
std::uint64_t budget_of(const std::string& core, const std::string& what) {
  std::uint64_t greatest = 0;
  for (const RuntimeFile& file : runtime_files()) {
    if (file.path != "tests/tools/bundle/budget.txt") continue;
    std::istringstream lines{std::string(file.text)};
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string of_core, compiler, name;
      std::uint64_t bytes = 0;
      if (words >> of_core >> compiler >> name >> bytes && of_core == core && name == what) {
        greatest = std::max(greatest, bytes);
      }
    }
  }
  if (greatest == 0) {
    throw Error("--target", "no sizes of the runtime are recorded for \"" + core + "\"",
                "cortex-m0, cortex-m3, cortex-m4, cortex-m7, cortex-m33 and cortex-m55 have them");
  }
  return greatest;
}

ImageMatrix zeros(std::uint32_t rows, std::uint32_t inputs) {
  ImageMatrix matrix;
  matrix.s8.assign(std::size_t{rows} * inputs, 0);
  matrix.scale.assign(rows, 1);
  return matrix;
}

// Formats as the quantizer chooses them.
ImageContent network_of(const FitTask& task, Kind kind, std::uint32_t hidden) {
  ImageContent content;
  content.input = task.input;
  content.inputs = task.inputs;
  content.outputs = task.outputs;
  if (task.input != Format::token) {
    content.mean.assign(task.inputs, 0.0F);
    content.inv_step.assign(task.inputs, 1.0F);
  }
  for (std::uint32_t l = 0; l < task.layers; ++l) {
    ImageLayer layer;
    layer.kind = kind;
    layer.mode = static_cast<std::uint8_t>(kind == Kind::rnn ? Activation::tanh : Activation::none);
    layer.input = l == 0 ? task.input : task.activations;
    layer.inputs = l == 0 ? task.inputs : hidden;
    layer.outputs = hidden;
    layer.recurrent = task.activations;
    layer.output = l + 1 == task.layers ? Format::s16 : task.activations;
    const std::uint32_t rows = gates_of(kind) * hidden;
    layer.w = zeros(rows, layer.inputs);
    layer.u = zeros(rows, hidden);
    layer.bias_s32.assign(rows + (kind == Kind::gru ? hidden : 0), 0);
    content.layers.push_back(std::move(layer));
  }
  ImageLayer head;
  head.kind = Kind::linear;
  head.input = Format::s16;
  head.output = Format::s32;
  head.inputs = hidden;
  head.outputs = task.outputs;
  head.w = zeros(task.outputs, hidden);
  head.bias_s32.assign(task.outputs, 0);
  content.layers.push_back(std::move(head));
  return content;
}

Fit fit_of(const FitTask& task, Kind kind, std::uint32_t hidden) {
  const Target& target = target_from_name(task.target);
  const std::vector<std::uint8_t> packed = pack(network_of(task, kind, hidden), target.packing);
  const AlignedBytes image{std::span<const std::uint8_t>(packed)};
  ArenaBytes arena{};
  const Status status = Model::measure(image.bytes(), all_cells(), arena, target.align);
  if (status != Status::ok) {
    throw Error("--fit", std::string("no such network: load says ") + name_of(status),
                "fewer inputs, outputs or layers");
  }
  Fit fit{};
  fit.hidden = hidden;
  fit.image = packed.size() + (task.input == Format::token ? k_token_table_bytes : 0);
  // Recorded for one layer that reads tokens, and for two that read numbers, which link all that
  // other stacks do.
  const std::string cell = kind == Kind::lstm ? "lstm" : kind == Kind::gru ? "gru" : "rnn";
  const bool tokens = task.input == Format::token && task.layers == 1;
  fit.code = budget_of(task.target, "code_" + cell + (tokens ? "" : "_real"));
  fit.arena = arena.total() + k_object_bytes_of_32;
  fit.stack = budget_of(task.target, "stack_init");  // which takes more than steps and scores
  return fit;
}

bool fits(const FitTask& task, const Fit& fit) {
  return fit.flash() <= task.flash && fit.ram() <= task.ram;
}

}  // namespace

void read_limits(const std::vector<std::string>& words, FitTask& task) {
  for (const std::string& word : words) {
    const std::size_t at = word.find('=');
    const std::string name = word.substr(0, at);
    if (at == std::string::npos || (name != "flash" && name != "ram")) {
      throw Error("--fit", "\"" + word + "\" is neither flash=SIZE nor ram=SIZE",
                  std::string(k_usage) + "; MODEL goes in front of it");
    }
    (name == "flash" ? task.flash : task.ram) = size_of_word(word, word.substr(at + 1));
  }
  if (task.flash == 0 || task.ram == 0) {
    throw Error("--fit", std::string("no ") + (task.flash == 0 ? "flash" : "ram") + "=SIZE",
                k_usage);
  }
}

Fit largest_fit(const FitTask& task, Kind kind) {
  Fit best = fit_of(task, kind, 1);
  if (!fits(task, best)) {
    best.hidden = 0;
    return best;
  }
  // Sizes never shrink as units are added: first the doubling that is too much, then halving.
  std::uint32_t too_many = 2;
  for (; too_many <= k_most_hidden; too_many *= 2) {
    const Fit next = fit_of(task, kind, too_many);
    if (!fits(task, next)) break;
    best = next;
  }
  too_many = std::min(too_many, k_most_hidden + 1);
  while (too_many - best.hidden > 1) {
    const std::uint32_t middle = best.hidden + (too_many - best.hidden) / 2;
    const Fit next = fit_of(task, kind, middle);
    if (fits(task, next)) {
      best = next;
    } else {
      too_many = middle;
    }
  }
  return best;
}

}  // namespace rondo::tool
