// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Language models on the host: the text that the firmware test must write too, figures against a
// plain second computation, and what is refused.
#include "command/language_model.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <string>

#include "base/error.hpp"
#include "data/text.hpp"
#include "expected.h"
#include "formats/image.hpp"
#include "train/trainer.hpp"

// Of tests/devices/cortex_m/text_model.c. Its header is for devices: it asserts their alignment.
extern "C" const std::uint32_t text_model_image[];

using namespace rondo;
using namespace rondo::tool;

namespace {

// The image that the firmware test runs.
std::span<const std::uint8_t> device_image() {
  ImageHeader header{};
  std::memcpy(&header, text_model_image, sizeof header);
  return {reinterpret_cast<const std::uint8_t*>(text_model_image), header.bytes};
}

std::string description(const std::string& task, const std::string& symbols) {
  return nlohmann::json{{"task", task}, {"alphabet", symbols}, {"split", to_json(BookSplit{})}}
      .dump();
}

// The same model as the host has it: with metadata, in that packing.
std::vector<std::uint8_t> host_image(Packing packing, const std::string& metadata) {
  ImageContent content = unpack(device_image());
  content.metadata = metadata;
  return pack(content, packing);
}

const std::string k_good = description("lm", std::string(k_book_symbols));

std::string refusal(const std::string& metadata) {
  try {
    LanguageModel model(host_image(Packing::host, metadata), "the model");
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was refused";
}

}  // namespace

TEST_CASE("the host writes the text that the devices are held to, from every packing") {
  CHECK(std::strlen(text_expected) == 1000);
  for (const Packing packing : {Packing::host, Packing::cortex_m, Packing::helium}) {
    LanguageModel model(host_image(packing, k_good), "the model");
    CHECK(model.generate("the orchard", 1000, sampling(52429), 2026) == text_expected);
    CHECK(model.generate("the orchard", 1000, sampling(52429), 2027) != text_expected);
    CHECK(model.generate("the orchard", 20, sampling(52429), 2026) ==
          std::string(text_expected, 20));
  }
}

TEST_CASE("the runtime alone, with the loop of a device, writes it as well") {
  LoadedImage image(device_image(), "the model");
  const Alphabet alphabet(k_book_symbols);
  for (const std::uint32_t token : alphabet.encode("the orchard")) image.stream.step(token);
  std::uint32_t random = 2026;
  std::string text;
  while (text.size() < 1000) {
    const std::uint32_t token =
        sample({image.stream.scores_s32(), image.model.outputs()}, sampling(52429), random);
    text += alphabet.symbols()[token];
    image.stream.step(token);
  }
  CHECK(text == text_expected);
}

TEST_CASE("figures of a text are those of its symbols one by one") {
  LanguageModel model(host_image(Packing::host, k_good), "the model");
  LoadedImage image(device_image(), "the model");
  const std::vector<std::uint32_t> tokens = Alphabet(k_book_symbols).encode(text_expected);
  double loss = 0;
  std::size_t right = 0;
  std::vector<float> shares(image.model.outputs());
  for (std::size_t t = 0; t + 1 < tokens.size(); ++t) {
    image.stream.step(tokens[t]);
    image.stream.softmax({shares.data(), shares.size()});
    loss -= std::log(double{shares[tokens[t + 1]]});
    if (image.stream.argmax() == tokens[t + 1]) ++right;
  }
  const TextFigures figures = model.measure(tokens);
  CHECK(figures.count == 999);
  // The softmax of the runtime is float: an error of some 1e-7 of each share.
  CHECK(figures.loss == doctest::Approx(loss / 999).epsilon(1e-6));
  CHECK(figures.accuracy == doctest::Approx(static_cast<double>(right) / 999));
  CHECK(figures.perplexity() == doctest::Approx(std::exp(loss / 999)).epsilon(1e-6));
  CHECK(figures.bits_per_character() == doctest::Approx(loss / 999 / std::log(2)).epsilon(1e-6));
  CHECK(model.measure(tokens).loss == figures.loss);  // it begins anew each time
}

TEST_CASE("a checkpoint is measured as the trainer measures it") {
  Checkpoint checkpoint;
  checkpoint.task = k_language_model;
  checkpoint.shape.cell = CellKind::lstm;
  checkpoint.shape.inputs = checkpoint.shape.outputs = k_book_symbols.size();
  checkpoint.shape.hidden = 12;
  checkpoint.shape.layers = 2;
  checkpoint.shape.head = Head::every_step;
  checkpoint.alphabet = k_book_symbols;
  checkpoint.split = to_json(BookSplit{.three_sides = false, .max_tokens = 77});
  TrainerOptions options;
  options.shape = checkpoint.shape;
  Trainer trainer(options);
  checkpoint.tensors = trainer.save();
  LanguageModel model(checkpoint, "the model");
  CHECK(model.split().max_tokens == 77);
  CHECK(!model.split().three_sides);
  const std::vector<std::uint32_t> tokens = Alphabet(k_book_symbols).encode(text_expected);
  const std::span<const std::uint32_t> all(tokens);
  const Sequence sequence = {.tokens = all.first(999), .reals = {}, .targets = all.subspan(1)};
  const double loss = trainer.evaluate({&sequence, 1});
  // Scores agree within 1e-5 (tests/tools/quantize), and so do the losses.
  CHECK(std::abs(model.measure(tokens).loss - loss) < 1e-5);
}

TEST_CASE("what is no language model is refused with the reason") {
  const std::string symbols(k_book_symbols);
  CHECK(refusal(k_good) == "nothing was refused");
  CHECK(refusal("") ==
        "the model: does not say that it is a language model (make one with rondo train lm)");
  CHECK(refusal(description("classify", symbols)).find("but for the task classify") !=
        std::string::npos);
  CHECK(refusal(description("lm", "! abcdefghijklmnopqrstuvwxyz")).find("of the 28 symbols") !=
        std::string::npos);
  for (const std::string split : {"", R"(, "split": 7)", R"(, "split": {"sides": "book"})",
                                  R"(, "split": {"sides": "book", "max_tokens": "all"})"}) {
    const std::string metadata = R"({"task": "lm", "alphabet": ")" + symbols + "\"" + split + "}";
    CHECK(refusal(metadata).find("which part of its text") != std::string::npos);
  }
}
