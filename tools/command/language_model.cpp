// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/language_model.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "data/text.hpp"
#include "quantize/quantize.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

BookSplit split_from(const json& description, const std::string& place) {
  BookSplit split;
  try {
    const json& said = description.at("split");
    split.three_sides = said.at("sides").get<std::string>() != "none";
    split.max_tokens = said.at("max_tokens").get<std::size_t>();
  } catch (const json::exception&) {
    throw Error(place, "does not say which part of its text it was trained on",
                "train it again with rondo train lm");
  }
  return split;
}

std::vector<std::uint8_t> float_image_of(const Checkpoint& checkpoint) {
  ImageContent content = float_content(checkpoint);
  content.metadata = description_of(checkpoint).dump();
  return pack(content, Packing::host);
}

// -log of the softmax's share of `target`, in nats.
double loss_of(std::span<const float> scores, std::uint32_t target) {
  const double most = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (const float score : scores) sum += std::exp(score - most);
  return most + std::log(sum) - scores[target];
}

}  // namespace

std::string task_of(const std::filesystem::path& path) {
  return is_image(path) ? load_image(path)->task : read_checkpoint(path).task;
}

json to_json(const TextFigures& figures) {
  return {{"count", figures.count},
          {"loss", figures.loss},
          {"perplexity", figures.perplexity()},
          {"bits_per_character", figures.bits_per_character()},
          {"accuracy", figures.accuracy}};
}

TextFigures text_figures(std::span<const float> scores, std::size_t outputs,
                         std::span<const std::uint32_t> targets) {
  TextFigures figures;
  figures.count = targets.size();
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto row = scores.subspan(i * outputs, outputs);
    figures.loss += loss_of(row, targets[i]);
    if (std::max_element(row.begin(), row.end()) - row.begin() == targets[i]) ++figures.accuracy;
  }
  figures.loss /= static_cast<double>(figures.count);
  figures.accuracy /= static_cast<double>(figures.count);
  return figures;
}

std::span<const std::int32_t> steps_of(std::span<const float> scores,
                                       std::vector<std::int32_t>& steps) {
  steps.clear();
  for (const float score : scores) {
    const double rounded = std::round(std::ldexp(double{score}, 16));
    steps.push_back(static_cast<std::int32_t>(
        std::isnan(rounded) ? INT32_MIN : std::clamp<double>(rounded, INT32_MIN, INT32_MAX)));
  }
  return steps;
}

std::span<const std::int32_t> scores_of(LoadedImage& image, std::vector<float>& scores,
                                        std::vector<std::int32_t>& steps) {
  const std::size_t outputs = image.model.outputs();
  if (image.model.type() == Type::s8) return {image.stream.scores_s32(), outputs};
  scores.resize(outputs);
  image.stream.scores({scores.data(), outputs});
  return steps_of(scores, steps);
}

json to_json(const BookSplit& split) {
  return {{"by", "position: first 80 % train, next 10 % valid, last 10 % test"},
          {"sides", split.three_sides ? "book" : "none"},
          {"max_tokens", split.max_tokens}};
}

LanguageModel::LanguageModel(const std::filesystem::path& path) {
  if (is_image(path)) {
    image_ = load_image(path);
  } else {
    const Checkpoint checkpoint = read_checkpoint(path);
    image_ = std::make_unique<LoadedImage>(float_image_of(checkpoint), path.string());
  }
  require_usable(path.string());
}

LanguageModel::LanguageModel(std::span<const std::uint8_t> image, const std::string& place)
    : image_(std::make_unique<LoadedImage>(image, place)) {
  require_usable(place);
}

LanguageModel::LanguageModel(const Checkpoint& checkpoint, const std::string& place)
    : LanguageModel(float_image_of(checkpoint), place) {}

void LanguageModel::require_usable(const std::string& place) {
  const Model& model = image_->model;
  if (image_->task != k_language_model) {
    throw Error(place,
                image_->task.empty() ? "does not say that it is a language model"
                                     : "is no language model, but for the task " + image_->task,
                "make one with rondo train lm");
  }
  if (model.input() != Format::token || model.max_steps() != 0 ||
      model.inputs() != model.outputs() || symbols() != k_book_symbols) {
    throw Error(place,
                "is not a language model of the " + std::to_string(k_book_symbols.size()) +
                    " symbols of this version",
                "make one with rondo train lm");
  }
  split_ = split_from(image_->description, place);
}

TextFigures LanguageModel::measure(std::span<const std::uint32_t> tokens) {
  constexpr std::size_t k_at_once = 512;  // scores kept at a time
  const std::size_t outputs = image_->model.outputs();
  TextFigures figures;
  figures.count = tokens.size() - 1;
  scores_f32_.resize(k_at_once * outputs);
  image_->stream.reset();
  for (std::size_t at = 0; at < figures.count; at += k_at_once) {
    const std::size_t steps = std::min(k_at_once, figures.count - at);
    image_->stream.run(&tokens[at], steps, scores_f32_.data());
    for (std::size_t s = 0; s < steps; ++s) {
      const auto row = std::span(scores_f32_).subspan(s * outputs, outputs);
      const std::uint32_t target = tokens[at + s + 1];
      figures.loss += loss_of(row, target);
      if (std::max_element(row.begin(), row.end()) - row.begin() == target) ++figures.accuracy;
    }
  }
  figures.loss /= static_cast<double>(figures.count);
  figures.accuracy /= static_cast<double>(figures.count);
  return figures;
}

std::string LanguageModel::generate(const std::string& prefix, std::size_t length,
                                    const rondo::Sampling& sampling, std::uint32_t seed) {
  std::string text;
  image_->stream.reset();
  for (const std::uint32_t token : Alphabet(symbols()).encode(prefix)) image_->stream.step(token);
  for (std::size_t i = 0; i < length; ++i) {
    const std::span<const std::int32_t> now = scores_of(*image_, scores_f32_, scores_s32_);
    const std::uint32_t token = rondo::sample({now.data(), now.size()}, sampling, seed);
    text += symbols()[token];
    image_->stream.step(token);
  }
  return text;
}

}  // namespace rondo::tool
