// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo quantize of imported networks; see imported_model.hpp.
#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/imported_model.hpp"
#include "command/poor_rows.hpp"
#include "import/chain.hpp"
#include "import/chain_file.hpp"
#include "quantize/chain.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

void say(const ChainComparison& c, const Console& console) {
  console.say(format("error of the int8 runtime against float      mean    largest"));
  const auto line = [&](const std::string& what, const Deviation& d) {
    console.say(format("  %-36s %10.6f %10.6f", what.c_str(), d.mean(), d.largest));
  };
  for (const ChainComparison::At& at : c.at) {
    line("scores at step " + grouped(at.step) + " after a reset", at.scores);
  }
  line("scores of " + grouped(c.steps) + " steps", c.scores);
  console.say(format("energy of the error in that of the signal: %.3g", c.error_to_signal()));
  console.say(format("saturated: %s inputs", grouped(c.saturated_inputs).c_str()));
}

std::size_t steps_of(const QuantizeImported& options, const Series& data) {
  std::size_t longest = 1;
  for (const Series::Sequence& s : data.sequences) longest = std::max(longest, s.steps);
  const std::size_t steps = options.max_steps != 0 ? options.max_steps : longest;
  if (steps <= k_most_steps) return steps;
  throw Error("--max-steps",
              "is " + std::to_string(steps) + ", expected 1 to " + std::to_string(k_most_steps),
              "a bidirectional network keeps a whole sequence in memory");
}

}  // namespace

void quantize_imported(const QuantizeImported& options, const Console& console) {
  const ImportedModel model = read_chain(options.model);
  const bool tokens = model.content.input == Format::token;
  const Series data = read_series(options.data, model.content.inputs, tokens);
  const std::size_t steps = is_bidirectional(model.content) ? steps_of(options, data) : 1;
  Quantized quantized;
  if (options.int8) {
    quantized = quantize_chain(model.content, data, options.activations, steps);
  } else {
    quantized.content = model.content;
    quantized.content.max_steps =
        is_bidirectional(model.content) ? static_cast<std::uint32_t>(steps) : 0;
  }
  quantized.content.metadata = description_of(model).dump();
  quantized.content.user_version = options.version;
  const std::vector<std::uint8_t> bytes = pack(quantized.content, Packing::host);
  json result;
  if (options.int8) {
    const ChainComparison comparison = compare_chain(pack_chain(model.content, steps), bytes, data);
    say(comparison, console);
    say_poor_rows(console, quantized.poor_rows);
    result["comparison"] = to_json(comparison);
    result["poor_rows"] = to_json(quantized.poor_rows);
  }
  result["model"] = options.model;
  result["image"] = options.out;
  result["image_bytes"] = bytes.size();
  write_whole(options.out, bytes);
  if (!options.report.empty()) {
    std::error_code code;
    std::filesystem::create_directories(options.report, code);
    write_whole(std::filesystem::path(options.report) / "quantize.json", result.dump(2) + "\n");
  }
  console.say(format("%s: %s bytes", options.out.c_str(), grouped(bytes.size()).c_str()));
  console.result(result);
}

}  // namespace rondo::tool
