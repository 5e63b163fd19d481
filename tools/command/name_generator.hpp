// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A trained generator of names, float checkpoint or image alike: how well it foretells the letters
// of names, and what names it makes up. Shared by train, eval, quantize and generate.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rondo/sample.hpp>

#include "command/language_model.hpp"
#include "data/names.hpp"
#include "formats/checkpoint.hpp"
#include "formats/loaded_image.hpp"
#include "train/trainer.hpp"

namespace rondo::tool {

// The 58 letters of the class's generator, in the order of their tokens; behind them the end mark,
// which is written as a line end in alphabets.
inline constexpr char k_generator_letters_text[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,;'-";
inline constexpr std::string_view k_generator_letters = k_generator_letters_text;
inline constexpr std::uint32_t k_end_mark = k_generator_letters.size();

// What is made from a folder of names: shape.inputs, classes and the rest but the cell's size.
NetShape generator_shape(CellKind cell, std::size_t classes);
// The symbols, the classes, the split: all but tensors and training.
Checkpoint generator_checkpoint(const NetShape& shape, const std::vector<std::string>& classes);

// A name as a generator reads and foretells it. The class's cell reads its class in front of every
// letter and begins with the end mark; the others begin with a token of their class, which are
// numbered on behind the end mark.
struct SpelledName {
  std::vector<std::uint32_t> tokens;   // the beginning, then the letters
  std::vector<std::uint32_t> targets;  // the letters, then the end mark
  std::uint32_t label;

  Sequence sequence() const {
    const bool in_front = tokens[0] == k_end_mark;
    return {.tokens = tokens, .reals = {}, .targets = targets, .label = in_front ? label : 0};
  }
};
std::vector<SpelledName> spell(const NamesData& data, std::span<const std::size_t> places,
                               CellKind cell);

// A line of text for people.
std::string line_of_letters(const std::string& side, std::size_t names, const TextFigures& figures);

class NameGenerator {
 public:
  // Throws Error where the file cannot be used, or is no generator of names.
  explicit NameGenerator(const std::filesystem::path& path);
  // `place` names the model in messages.
  NameGenerator(std::span<const std::uint8_t> image, const std::string& place);
  NameGenerator(Checkpoint checkpoint, const std::string& place);

  const std::vector<std::string>& classes() const;
  CellKind cell() const { return cell_; }  // of an image: lstm, whatever it is

  // Of each letter and the end mark of each name, from class and letters before it.
  TextFigures measure(std::span<const SpelledName> names);

  // A name of that class that begins with `prefix`, letters of k_generator_letters; at most `most`
  // symbols behind that, each drawn by rondo::sample. `seed`: the state of the random numbers,
  // which goes on for the next name.
  std::string generate(std::uint32_t label, const std::string& prefix, std::size_t most,
                       const rondo::Sampling& sampling, std::uint32_t& seed);

 private:
  void require_usable(const std::string& place);
  // The scores of one step, from the state that the step before left.
  void step(std::uint32_t token, std::uint32_t label);

  CellKind cell_ = CellKind::lstm;
  Checkpoint checkpoint_;             // float
  std::unique_ptr<Trainer> trainer_;  // float
  State<float> state_;                // float
  std::unique_ptr<LoadedImage> image_;
  std::vector<float> scores_;
  std::vector<std::int32_t> scores_s32_;
};

}  // namespace rondo::tool
