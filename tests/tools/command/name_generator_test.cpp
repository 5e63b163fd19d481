// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Generators of names on the host: what a name is to each kind of cell, figures against the
// trainer's, where names end, and that float image and checkpoint make up the same names.
#include "command/name_generator.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "command/classifier.hpp"
#include "folder.hpp"
#include "formats/image.hpp"
#include "quantize/quantize.hpp"

using namespace rondo;
using namespace rondo::tool;

namespace {

const std::vector<std::string> k_classes = {"Dutch", "Irish", "Malay"};

// Fresh weights of `cell`, whose end mark has `end` added to its score; those of the inputs are
// larger, so that the class makes a difference.
Checkpoint checkpoint_of(CellKind cell, float end = 0) {
  NetShape shape = generator_shape(cell, k_classes.size());
  shape.hidden = 10;
  TrainerOptions options;
  options.shape = shape;
  Trainer trainer(options);
  Checkpoint checkpoint = generator_checkpoint(shape, k_classes);
  checkpoint.tensors = trainer.save();
  const std::string bias = cell == CellKind::generator ? "o2o.bias" : "linear.bias";
  for (Tensor& tensor : checkpoint.tensors) {
    if (tensor.name == "weight_ih_l0") {
      for (float& weight : std::get<std::vector<float>>(tensor.values)) weight *= 10;
    }
    if (tensor.name == bias) std::get<std::vector<float>>(tensor.values)[k_end_mark] += end;
  }
  return checkpoint;
}

std::vector<std::uint8_t> float_image(const Checkpoint& checkpoint) {
  ImageContent content = float_content(checkpoint);
  content.metadata = description_of(checkpoint).dump();
  return pack(content, Packing::host);
}

NamesData some_names(Folder& folder) {
  folder.write("Dutch.txt", "de Wit\nBakker\n");
  folder.write("Irish.txt", "O'Neill\n");
  folder.write("Malay.txt", "Abdul-Aziz\n");
  return load_names(folder.path(), k_generator_letters);
}

const std::vector<std::size_t> k_all = {0, 1, 2, 3};

std::string text_of(std::span<const std::uint32_t> tokens) {
  std::string text;
  for (const std::uint32_t token : tokens) text += k_generator_letters[token];
  return text;
}

}  // namespace

TEST_CASE("a name is spelled with its class in front, as a token or beside each letter") {
  Folder folder;
  const NamesData data = some_names(folder);
  for (const CellKind cell : {CellKind::gru, CellKind::generator}) {
    const std::vector<SpelledName> names = spell(data, k_all, cell);
    REQUIRE(names.size() == 4);
    CHECK(names[2].label == 1);
    CHECK(names[2].tokens[0] == (cell == CellKind::gru ? 59 + 1 : 58));
    CHECK(text_of(std::span(names[2].tokens).subspan(1)) == "O'Neill");
    CHECK(text_of(std::span(names[3].tokens).subspan(1)) == "Abdul-Aziz");
    CHECK(text_of(std::span(names[2].targets).first(7)) == "O'Neill");
    CHECK(names[2].targets[7] == 58);
    CHECK(names[2].targets.size() == names[2].tokens.size());
  }
}

TEST_CASE("figures are those of the trainer, from checkpoint and float image") {
  Folder folder;
  const NamesData data = some_names(folder);
  for (const CellKind cell : {CellKind::lstm, CellKind::gru, CellKind::rnn, CellKind::generator}) {
    const Checkpoint checkpoint = checkpoint_of(cell, 1);
    const std::vector<SpelledName> names = spell(data, k_all, cell);
    std::vector<Sequence> batch;
    for (const SpelledName& name : names) batch.push_back(name.sequence());
    const double loss = trainer_of(checkpoint, "the model", 1)->evaluate(batch);
    const TextFigures figures = NameGenerator(checkpoint, "the model").measure(names);
    CHECK(figures.count == 6 + 6 + 7 + 10 + 4);
    CHECK(figures.loss == doctest::Approx(loss).epsilon(1e-6));  // float softmax
    if (cell == CellKind::generator) continue;
    // Scores agree within 1e-5 (tests/tools/quantize), and so do the losses.
    NameGenerator image(float_image(checkpoint), "the image");
    CHECK(std::abs(image.measure(names).loss - loss) < 1e-5);
  }
}

TEST_CASE("float image and checkpoint make up the same names, of each class others") {
  for (const CellKind cell : {CellKind::lstm, CellKind::gru, CellKind::generator}) {
    const Checkpoint checkpoint = checkpoint_of(cell, 2);
    NameGenerator model(checkpoint, "the model");
    CHECK(model.classes() == k_classes);
    const auto names_of = [&](NameGenerator& from, std::uint32_t label, const std::string& prefix) {
      std::uint32_t seed = 7;
      std::vector<std::string> names;
      for (int i = 0; i < 5; ++i) {
        names.push_back(from.generate(label, prefix, 20, sampling(k_temperature_one), seed));
        CHECK(names.back().substr(0, prefix.size()) == prefix);
        CHECK(names.back().size() <= prefix.size() + 20);
      }
      return names;
    };
    const std::vector<std::string> made = names_of(model, 0, "Ab");
    CHECK(made[0] != made[1]);  // the random numbers went on
    CHECK(names_of(model, 0, "") != names_of(model, 1, ""));
    if (cell == CellKind::generator) continue;
    NameGenerator image(float_image(checkpoint), "the image");
    CHECK(image.classes() == k_classes);
    CHECK(names_of(image, 0, "Ab") == made);
  }
}

TEST_CASE("a name ends at the end mark, or where it is long enough") {
  std::uint32_t seed = 1;
  for (const CellKind cell : {CellKind::lstm, CellKind::generator}) {
    NameGenerator ends(checkpoint_of(cell, 1000), "the model");
    CHECK(ends.generate(0, "", 20, sampling(k_temperature_one), seed).empty());
    CHECK(ends.generate(0, "Jan", 20, sampling(k_temperature_one), seed) == "Jan");
    NameGenerator goes_on(checkpoint_of(cell, -1000), "the model");
    CHECK(goes_on.generate(0, "Jan", 20, sampling(k_temperature_one), seed).size() == 23);
  }
}

TEST_CASE("what is no generator is refused with the reason") {
  const auto refusal = [](const Checkpoint& checkpoint) -> std::string {
    try {
      NameGenerator model(checkpoint, "the model");
    } catch (const std::exception& error) {
      return error.what();
    }
    return "nothing was refused";
  };
  Checkpoint checkpoint = checkpoint_of(CellKind::lstm);
  CHECK(refusal(checkpoint) == "nothing was refused");
  checkpoint.task = "lm";
  CHECK(refusal(checkpoint).find("but is for the task lm") != std::string::npos);
  checkpoint = checkpoint_of(CellKind::lstm);
  checkpoint.alphabet[3] = 'a';
  CHECK(refusal(checkpoint).find("of the 58 letters") != std::string::npos);
  checkpoint = checkpoint_of(CellKind::lstm);
  checkpoint.conditions.clear();
  CHECK(refusal(checkpoint).find("of the 58 letters") != std::string::npos);
}

TEST_CASE("an image whose description does not fit is refused") {
  const Checkpoint checkpoint = checkpoint_of(CellKind::gru);
  const auto refusal = [&](const nlohmann::json& changes) -> std::string {
    ImageContent content = float_content(checkpoint);
    nlohmann::json description = description_of(checkpoint);
    description.update(changes);
    content.metadata = description.dump();
    try {
      NameGenerator model(pack(content, Packing::host), "the image");
    } catch (const std::exception& error) {
      return error.what();
    }
    return "nothing was refused";
  };
  CHECK(refusal(nlohmann::json::object()) == "nothing was refused");
  CHECK(refusal({{"conditions", 7}}).find("of the wrong type") != std::string::npos);
  CHECK(refusal({{"conditions", {"Dutch", "Irish"}}}).find("does not fit") != std::string::npos);
  CHECK(refusal({{"alphabet", ""}}).find("of the 58 letters") != std::string::npos);
  CHECK(refusal({{"task", "classify"}}).find("for the task classify") != std::string::npos);
}
