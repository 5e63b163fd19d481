// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A trained classifier of text, float checkpoint or image alike, and how well it does on one side
// of a folder of names. Shared by eval, predict, train and quantize.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "data/metrics.hpp"
#include "data/names.hpp"
#include "formats/checkpoint.hpp"
#include "formats/loaded_image.hpp"
#include "train/trainer.hpp"

namespace rondo::tool {

using TokenSequences = std::vector<std::span<const std::uint32_t>>;

// logits (B, O) of a trainer, or scores of an image in the same unit.
std::vector<float> logits_of(Trainer& trainer, const TokenSequences& sequences);
std::vector<float> logits_of(LoadedImage& image, const TokenSequences& sequences);

// The index of the greatest of each row, the lowest of equals.
std::vector<std::uint32_t> answers_of(std::span<const float> logits, std::size_t outputs);

// A model from a file of either kind.
class Classifier {
 public:
  // Throws Error where the file cannot be used, or is not a classifier of text.
  explicit Classifier(const std::filesystem::path& path, std::size_t threads = 1);

  const std::vector<std::string>& classes() const;
  const std::string& alphabet() const;
  std::vector<float> logits(const TokenSequences& sequences);

 private:
  std::optional<Checkpoint> checkpoint_;
  std::unique_ptr<Trainer> trainer_;
  std::unique_ptr<LoadedImage> image_;
};

// A trainer that holds the checkpoint's parameters.
std::unique_ptr<Trainer> trainer_of(const Checkpoint& checkpoint, const std::string& place,
                                    std::size_t threads);

// One side of a data set: sequences and the labels of the model's classes.
struct Subset {
  TokenSequences sequences;  // views into the data
  std::vector<std::uint32_t> labels;
};

// "train", "valid", "test" or "all". Training: lines with repeats ("pool"); the others: each
// distinct (name, class) once. Throws Error for other words, and for a side without names.
std::vector<std::size_t> places_of(const NamesData& data, const std::string& name);  // in lines
Subset subset_of(const NamesData& data, const std::string& name);

struct Figures {
  std::size_t count = 0;
  double accuracy = 0;           // plain
  double balanced_accuracy = 0;  // mean of the classes' recalls
  double loss = 0;               // mean cross-entropy in nats
};
Figures figures_of(std::span<const float> logits, const Subset& subset, std::size_t classes);
nlohmann::json to_json(const Figures& figures);

// Throws Error where data and model do not have the same classes.
void require_same_classes(const NamesData& data, const std::vector<std::string>& classes,
                          const std::string& model);

}  // namespace rondo::tool
