// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A trained character language model, float checkpoint or image alike: how well it foretells a
// text, and how it goes on. Shared by train, eval, quantize and generate. A checkpoint is run as
// its float image, by the runtime that devices have.
#pragma once
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <rondo/sample.hpp>

#include "data/book.hpp"
#include "formats/checkpoint.hpp"
#include "formats/loaded_image.hpp"

namespace rondo::tool {

inline constexpr const char* k_language_model = "lm";  // Checkpoint::task

// The task of a model file of either kind; empty where an image does not say.
std::string task_of(const std::filesystem::path& path);

// How a text was foretold: each symbol but the first, from all those before it.
struct TextFigures {
  std::size_t count = 0;
  double loss = 0;      // mean, nats
  double accuracy = 0;  // share of symbols that had the greatest score

  double perplexity() const { return std::exp(loss); }
  double bits_per_character() const { return loss / std::log(2.0); }
};
nlohmann::json to_json(const TextFigures& figures);
// Of scores (targets, outputs).
TextFigures text_figures(std::span<const float> scores, std::size_t outputs,
                         std::span<const std::uint32_t> targets);

// Scores in Q15.16, which rondo::sample draws from: an int8 model's own, or those of a float model
// rounded. Both views are into `image` or into the last argument.
std::span<const std::int32_t> steps_of(std::span<const float> scores,
                                       std::vector<std::int32_t>& steps);
std::span<const std::int32_t> scores_of(LoadedImage& image, std::vector<float>& scores,
                                        std::vector<std::int32_t>& steps);

// The split as it stands in checkpoints and images.
nlohmann::json to_json(const BookSplit& split);

class LanguageModel {
 public:
  // Throws Error where the file cannot be used, or is no language model.
  explicit LanguageModel(const std::filesystem::path& path);
  // `place` names the model in messages.
  LanguageModel(std::span<const std::uint8_t> image, const std::string& place);
  LanguageModel(const Checkpoint& checkpoint, const std::string& place);

  const BookSplit& split() const { return split_; }
  const std::string& symbols() const { return image_->alphabet; }

  // From the zero state, all in one go. `tokens`: two or more.
  TextFigures measure(std::span<const std::uint32_t> tokens);

  // Reads `prefix` (in normal form, not empty) from the zero state and goes on for `length`
  // symbols, each drawn by rondo::sample from the scores in Q15.16, which are an int8 model's own.
  // `seed`: the first state of the random numbers.
  std::string generate(const std::string& prefix, std::size_t length,
                       const rondo::Sampling& sampling, std::uint32_t seed);

 private:
  void require_usable(const std::string& place);

  std::unique_ptr<LoadedImage> image_;
  BookSplit split_;
  std::vector<float> scores_f32_;
  std::vector<std::int32_t> scores_s32_;
};

}  // namespace rondo::tool
