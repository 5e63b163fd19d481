// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/classifier.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace rondo::tool {

std::vector<float> logits_of(Trainer& trainer, const TokenSequences& sequences) {
  std::vector<Sequence> batch;
  batch.reserve(sequences.size());
  for (const auto tokens : sequences)
    batch.push_back({.tokens = tokens, .reals = {}, .targets = {}});
  std::vector<float> logits;
  if (!batch.empty()) trainer.predict(batch, logits);
  return logits;
}

std::vector<float> logits_of(LoadedImage& image, const TokenSequences& sequences) {
  const std::size_t outputs = image.model.outputs();
  std::vector<float> logits(sequences.size() * outputs);
  for (std::size_t b = 0; b < sequences.size(); ++b) {
    image.stream.reset();
    image.stream.run(sequences[b].data(), sequences[b].size());
    image.stream.scores({&logits[b * outputs], outputs});
  }
  return logits;
}

std::vector<std::uint32_t> answers_of(std::span<const float> logits, std::size_t outputs) {
  std::vector<std::uint32_t> answers;
  for (std::size_t at = 0; at < logits.size(); at += outputs) {
    const auto row = logits.subspan(at, outputs);
    answers.push_back(
        static_cast<std::uint32_t>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return answers;
}

std::unique_ptr<Trainer> trainer_of(const Checkpoint& checkpoint, const std::string& place,
                                    std::size_t threads) {
  TrainerOptions options;
  options.shape = checkpoint.shape;
  options.threads = threads;
  auto trainer = std::make_unique<Trainer>(options);
  TensorFile file;
  file.tensors = checkpoint.tensors;
  trainer->load(file, place);
  return trainer;
}

Classifier::Classifier(const std::filesystem::path& path, std::size_t threads) {
  if (is_image(path)) {
    image_ = load_image(path);
  } else {
    checkpoint_ = read_checkpoint(path);
    trainer_ = trainer_of(*checkpoint_, path.string(), threads);
  }
  const std::string& task = image_ ? image_->task : checkpoint_->task;
  if (task == "lm") {
    throw Error(path.string(), "is a language model, not a classifier",
                "rondo generate continues a text with it, rondo eval measures it");
  }
  if (task == k_generate) {
    throw Error(path.string(), "is a generator of names, not a classifier",
                "rondo generate writes names with it, rondo eval measures it");
  }
  if (alphabet().empty()) {
    throw Error(path.string(), "has no alphabet: it was exported without its description",
                "use the file that rondo train or rondo quantize wrote");
  }
}

const std::vector<std::string>& Classifier::classes() const {
  return image_ ? image_->classes : checkpoint_->classes;
}

const std::string& Classifier::alphabet() const {
  return image_ ? image_->alphabet : checkpoint_->alphabet;
}

std::vector<float> Classifier::logits(const TokenSequences& sequences) {
  return image_ ? logits_of(*image_, sequences) : logits_of(*trainer_, sequences);
}

std::vector<std::size_t> places_of(const NamesData& data, const std::string& name) {
  std::vector<std::size_t> places;
  if (name == "train") {
    places = data.lines_of(Side::train);
  } else if (name == "valid") {
    places = data.distinct_of(Side::valid);
  } else if (name == "test") {
    places = data.distinct_of(Side::test);
  } else if (name == "all") {
    places = data.distinct_of(std::nullopt);
  } else {
    throw Error("--subset", "unknown subset \"" + name + "\"", "known: train, valid, test, all");
  }
  if (places.empty()) {
    throw Error(data.folder.string(), "the " + name + " side has no name",
                "the sides go by spelling, 70 : 10 : 20; more names are needed");
  }
  return places;
}

Subset subset_of(const NamesData& data, const std::string& name) {
  Subset subset;
  for (const std::size_t place : places_of(data, name)) {
    subset.sequences.emplace_back(data.lines[place].tokens);
    subset.labels.push_back(data.lines[place].label);
  }
  return subset;
}

Figures figures_of(std::span<const float> logits, const Subset& subset, std::size_t classes) {
  const Confusion confusion(subset.labels, answers_of(logits, classes), classes);
  Figures figures;
  figures.count = confusion.total();
  figures.accuracy = confusion.accuracy();
  figures.balanced_accuracy = confusion.balanced_accuracy();
  for (std::size_t b = 0; b < subset.labels.size(); ++b) {
    const auto row = logits.subspan(b * classes, classes);
    const double most = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (const float logit : row) sum += std::exp(logit - most);
    figures.loss += most + std::log(sum) - row[subset.labels[b]];
  }
  figures.loss /= static_cast<double>(subset.labels.size());
  return figures;
}

nlohmann::json to_json(const Figures& figures) {
  return {{"count", figures.count},
          {"accuracy", figures.accuracy},
          {"balanced_accuracy", figures.balanced_accuracy},
          {"loss", figures.loss}};
}

void require_same_classes(const NamesData& data, const std::vector<std::string>& classes,
                          const std::string& model) {
  if (data.classes == classes) return;
  for (const std::string& name : data.classes) {
    if (std::find(classes.begin(), classes.end(), name) == classes.end()) {
      throw Error(data.folder.string(), "has the class " + name + ", which " + model + " lacks",
                  "use the folder that the model was trained on");
    }
  }
  throw Error(data.folder.string(),
              "has " + std::to_string(data.classes.size()) + " of the " +
                  std::to_string(classes.size()) + " classes of " + model,
              "use the folder that the model was trained on");
}

}  // namespace rondo::tool
