// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/name_generator.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "command/classifier.hpp"
#include "command/command.hpp"

namespace rondo::tool {
namespace {

const std::string k_symbols = std::string(k_generator_letters) + '\n';

std::uint32_t first_token(CellKind cell, std::uint32_t label) {
  return cell == CellKind::generator ? k_end_mark : k_end_mark + 1 + label;
}

}  // namespace

NetShape generator_shape(CellKind cell, std::size_t classes) {
  NetShape shape;
  shape.cell = cell;
  shape.input = InputKind::tokens;
  shape.head = Head::every_step;
  shape.outputs = k_symbols.size();
  const bool in_front = cell == CellKind::generator;
  shape.classes = in_front ? classes : 0;
  shape.inputs = k_symbols.size() + (in_front ? 0 : classes);
  return shape;
}

Checkpoint generator_checkpoint(const NetShape& shape, const std::vector<std::string>& classes) {
  Checkpoint checkpoint;
  checkpoint.task = k_generate;
  checkpoint.shape = shape;
  for (const char letter : k_generator_letters) checkpoint.classes.emplace_back(1, letter);
  checkpoint.classes.emplace_back("end");
  checkpoint.alphabet = k_symbols;
  checkpoint.conditions = classes;
  return checkpoint;
}

std::vector<SpelledName> spell(const NamesData& data, std::span<const std::size_t> places,
                               CellKind cell) {
  std::vector<SpelledName> names;
  names.reserve(places.size());
  for (const std::size_t place : places) {
    const NameLine& line = data.lines[place];
    SpelledName name{{first_token(cell, line.label)}, line.tokens, line.label};
    name.tokens.insert(name.tokens.end(), line.tokens.begin(), line.tokens.end());
    name.targets.push_back(k_end_mark);
    names.push_back(std::move(name));
  }
  return names;
}

std::string line_of_letters(const std::string& side, std::size_t names, const TextFigures& f) {
  return format("%-5s %7s names  %8s letters  loss %.4f  perplexity %.3f  %.1f %% foretold\n",
                side.c_str(), grouped(names).c_str(), grouped(f.count).c_str(), f.loss,
                f.perplexity(), 100 * f.accuracy);
}

NameGenerator::NameGenerator(const std::filesystem::path& path) {
  if (is_image(path)) {
    image_ = load_image(path);
  } else {
    checkpoint_ = read_checkpoint(path);
  }
  require_usable(path.string());
}

NameGenerator::NameGenerator(std::span<const std::uint8_t> image, const std::string& place)
    : image_(std::make_unique<LoadedImage>(image, place)) {
  require_usable(place);
}

NameGenerator::NameGenerator(Checkpoint checkpoint, const std::string& place)
    : checkpoint_(std::move(checkpoint)) {
  require_usable(place);
}

void NameGenerator::require_usable(const std::string& place) {
  const std::string& task = image_ ? image_->task : checkpoint_.task;
  if (task != k_generate) {
    throw Error(place,
                task.empty() ? "does not say that it generates names"
                             : "does not generate names, but is for the task " + task,
                "make one with rondo train generate");
  }
  const std::string& alphabet = image_ ? image_->alphabet : checkpoint_.alphabet;
  // Read and written alike; of the inputs, files are checked when they are read.
  const std::size_t outputs = image_ ? image_->model.outputs() : checkpoint_.shape.outputs;
  const bool every_step =
      image_ ? image_->model.max_steps() == 0 && image_->model.input() == Format::token
             : checkpoint_.shape.head == Head::every_step &&
                   checkpoint_.shape.input == InputKind::tokens && !checkpoint_.shape.bidirectional;
  if (alphabet != k_symbols || outputs != k_symbols.size() || classes().empty() || !every_step) {
    throw Error(place, "is not a generator of the 58 letters and the end mark of this version",
                "make one with rondo train generate");
  }
  if (image_) return;
  cell_ = checkpoint_.shape.cell;
  trainer_ = trainer_of(checkpoint_, place, 1);
}

const std::vector<std::string>& NameGenerator::classes() const {
  return image_ ? image_->conditions : checkpoint_.conditions;
}

TextFigures NameGenerator::measure(std::span<const SpelledName> names) {
  const std::size_t outputs = k_symbols.size();
  std::vector<float> scores;
  if (image_) {
    for (const SpelledName& name : names) {
      const std::size_t at = scores.size();
      scores.resize(at + name.tokens.size() * outputs);
      image_->stream.reset();
      image_->stream.run(name.tokens.data(), name.tokens.size(), scores.data() + at);
    }
  } else {
    std::vector<Sequence> batch;
    for (const SpelledName& name : names) batch.push_back(name.sequence());
    trainer_->predict(batch, scores);
  }
  std::vector<std::uint32_t> targets;
  for (const SpelledName& name : names) {
    targets.insert(targets.end(), name.targets.begin(), name.targets.end());
  }
  return text_figures(scores, outputs, targets);
}

void NameGenerator::step(std::uint32_t token, std::uint32_t label) {
  if (image_) {
    image_->stream.step(token);
    return;
  }
  const Sequence sequence = {.tokens = {&token, 1},
                             .reals = {},
                             .targets = {},
                             .label = cell_ == CellKind::generator ? label : 0};
  trainer_->predict({&sequence, 1}, scores_, &state_);
}

std::string NameGenerator::generate(std::uint32_t label, const std::string& prefix,
                                    std::size_t most, const rondo::Sampling& sampling,
                                    std::uint32_t& seed) {
  if (image_) image_->stream.reset();
  state_ = {};
  std::string name = prefix;
  step(first_token(cell_, label), label);
  for (const std::uint32_t token : Alphabet(k_generator_letters).encode(prefix)) step(token, label);
  for (std::size_t i = 0; i < most; ++i) {
    const std::span<const std::int32_t> scores =
        image_ ? scores_of(*image_, scores_, scores_s32_) : steps_of(scores_, scores_s32_);
    const std::uint32_t token = rondo::sample({scores.data(), scores.size()}, sampling, seed);
    if (token == k_end_mark) break;
    name += k_symbols[token];
    step(token, label);
  }
  return name;
}

}  // namespace rondo::tool
