// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What quantizing an imported network cost; see chain.hpp.
#include <algorithm>
#include <cmath>

#include "formats/loaded_image.hpp"
#include "quantize/chain.hpp"

namespace rondo::tool {
namespace {

// Errors grow with the steps since a reset: they are looked at here, from this many starts, spread
// over the data.
constexpr std::size_t k_looks[] = {10, 100, 1000};
constexpr std::size_t k_starts = 32;

// Scores of a sequence, or of what a bidirectional network reads of it.
std::vector<float> scores_of(LoadedImage& image, const Series::Sequence& s, std::size_t first,
                             std::size_t steps) {
  std::vector<float> scores(steps * image.model.outputs());
  image.stream.reset();
  if (image.model.input() == Format::token) {
    image.stream.run(&s.tokens[first], steps, scores.data());
  } else {
    image.stream.run_f32(&s.reals[first * image.model.inputs()], steps, scores.data());
  }
  return scores;
}

std::uint64_t saturated(const LoadedImage& image, const Series::Sequence& s) {
  if (image.model.input() != Format::s16) return 0;
  const ImageContent content = unpack({image.bytes().data(), image.bytes().size()});
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < s.reals.size(); ++i) {
    const std::size_t k = i % content.inputs;
    if (std::abs((s.reals[i] - content.mean[k]) * content.inv_step[k]) > 32767.5F) ++count;
  }
  return count;
}

void compare_whole(LoadedImage& before, LoadedImage& after, const Series::Sequence& s,
                   ChainComparison& result) {
  const std::uint32_t most = after.model.max_steps();
  const std::size_t steps = most != 0 ? std::min<std::size_t>(s.steps, most) : s.steps;
  const std::vector<float> a = scores_of(before, s, 0, steps), b = scores_of(after, s, 0, steps);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = double{b[i]} - a[i];
    result.scores.add(difference);
    result.signal += double{a[i]} * a[i];
    result.error += difference * difference;
  }
  result.steps += steps;
  ++result.sequences;
}

// From starts all over the sequence, so that one lucky moment does not count for all.
void look_at(LoadedImage& before, LoadedImage& after, const Series::Sequence& s, std::size_t step,
             Deviation& deviation) {
  if (s.steps < step) return;
  const std::size_t outputs = after.model.outputs(), room = s.steps - step;
  const std::size_t starts = std::min(k_starts, room + 1);
  for (std::size_t k = 0; k < starts; ++k) {
    const std::size_t first = starts > 1 ? room * k / (starts - 1) : 0;
    const std::vector<float> a = scores_of(before, s, first, step);
    const std::vector<float> b = scores_of(after, s, first, step);
    for (std::size_t o = 1; o <= outputs; ++o) {
      deviation.add(double{b[b.size() - o]} - a[a.size() - o]);
    }
  }
}

}  // namespace

ChainComparison compare_chain(std::span<const std::uint8_t> float_image,
                              std::span<const std::uint8_t> int8_image, const Series& data) {
  LoadedImage before(float_image, "float network"), after(int8_image, "quantized network");
  ChainComparison result;
  for (const Series::Sequence& s : data.sequences) {
    compare_whole(before, after, s, result);
    result.saturated_inputs += saturated(after, s);
  }
  if (after.model.max_steps() != 0) return result;  // it has no steps of its own
  for (const std::size_t step : k_looks) {
    ChainComparison::At at{step, {}};
    for (const Series::Sequence& s : data.sequences) {
      look_at(before, after, s, step, at.scores);
      if (at.scores.count >= k_starts * after.model.outputs()) break;
    }
    if (at.scores.count > 0) result.at.push_back(at);
  }
  return result;
}

nlohmann::json to_json(const ChainComparison& comparison) {
  nlohmann::json steps = nlohmann::json::array();
  for (const ChainComparison::At& at : comparison.at) {
    steps.push_back(
        {{"step", at.step}, {"mean", at.scores.mean()}, {"largest", at.scores.largest}});
  }
  return {{"scores", {{"mean", comparison.scores.mean()}, {"largest", comparison.scores.largest}}},
          {"error_to_signal", comparison.error_to_signal()},
          {"after_reset", steps},
          {"sequences", comparison.sequences},
          {"steps", comparison.steps},
          {"saturated_inputs", comparison.saturated_inputs}};
}

}  // namespace rondo::tool
