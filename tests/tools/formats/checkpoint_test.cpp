// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Checkpoints: round trip, and every way in which a file can be something else.
#include "formats/checkpoint.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "base/file.hpp"
#include "train/trainer.hpp"

using namespace rondo::tool;
using nlohmann::json;

namespace {

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "rondo_checkpoint_test") {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path file() const { return path_ / "m.safetensors"; }

 private:
  std::filesystem::path path_;
};

Checkpoint small_checkpoint() {
  Checkpoint checkpoint;
  checkpoint.shape = {.cell = CellKind::lstm,
                      .input = InputKind::tokens,
                      .inputs = 4,
                      .hidden = 3,
                      .layers = 2,
                      .head = Head::last_step,
                      .outputs = 2,
                      .dropout = 0.25};
  checkpoint.classes = {"Greek", "Irish"};
  checkpoint.alphabet = "abcd";
  checkpoint.training = {{"seed", 3}};
  TrainerOptions options;
  options.shape = checkpoint.shape;
  checkpoint.tensors = Trainer(options).save();
  return checkpoint;
}

// The message of reading a file after `change`; empty where it can be read.
std::string message_after(const std::function<void(TensorFile&, json&)>& change) {
  const Folder folder;
  write_checkpoint(folder.file(), small_checkpoint());
  TensorFile file = read_safetensors(folder.file());
  json description = json::parse(file.metadata.at("rondo"));
  change(file, description);
  if (file.metadata.count("rondo") != 0) file.metadata["rondo"] = description.dump();
  write_safetensors(folder.file(), file);
  try {
    read_checkpoint(folder.file());
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("m.safetensors") != std::string::npos);
    return error.what();
  }
  return {};
}

bool has(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a checkpoint keeps what it says about recordings, and that it predicts numbers") {
  const Folder folder;
  Checkpoint checkpoint = small_checkpoint();
  checkpoint.task = k_regress;
  checkpoint.recording = {{"window", 5}, {"split", "by hand"}};
  write_checkpoint(folder.file(), checkpoint);
  const Checkpoint read = read_checkpoint(folder.file());
  CHECK(read.task == k_regress);
  CHECK(read.shape.loss == Loss::squared);
  CHECK(read.recording == checkpoint.recording);
  CHECK_FALSE(description_of(read).contains("split"));  // that of names
  CHECK(description_of(small_checkpoint()).contains("split"));
}

TEST_CASE("a checkpoint comes back as it was written") {
  const Folder folder;
  const Checkpoint written = small_checkpoint();
  write_checkpoint(folder.file(), written);
  const Checkpoint read = read_checkpoint(folder.file());
  CHECK(read.classes == written.classes);
  CHECK(read.alphabet == "abcd");
  CHECK(read.training.at("seed") == 3);
  CHECK(read.shape.layers == 2);
  CHECK(read.shape.dropout == 0.25);
  REQUIRE(read.tensors.size() == written.tensors.size());
  for (std::size_t i = 0; i < read.tensors.size(); ++i) {
    CHECK(read.tensors[i].name == written.tensors[i].name);
    CHECK(read.tensors[i].values == written.tensors[i].values);
  }
  CHECK(read.tensors[0].name == "weight_ih_l0");
  CHECK(read.tensors[0].shape == std::vector<std::size_t>{12, 4});
}

TEST_CASE("checkpoints of bidirectional and classroom networks come back as they were written") {
  const Folder folder;
  for (const CellKind cell : {CellKind::gru, CellKind::classroom}) {
    Checkpoint written = small_checkpoint();
    written.shape.cell = cell;
    written.shape.bidirectional = cell == CellKind::gru;
    if (cell == CellKind::classroom) written.shape.layers = 1, written.shape.dropout = 0;
    TrainerOptions options;
    options.shape = written.shape;
    written.tensors = Trainer(options).save();
    write_checkpoint(folder.file(), written);
    const Checkpoint read = read_checkpoint(folder.file());
    CHECK(read.shape.cell == cell);
    CHECK(read.shape.bidirectional == written.shape.bidirectional);
    REQUIRE(read.tensors.size() == (cell == CellKind::gru ? 18 : 4));
    for (std::size_t i = 0; i < read.tensors.size(); ++i) {
      CHECK(read.tensors[i].name == written.tensors[i].name);
      CHECK(read.tensors[i].values == written.tensors[i].values);
    }
  }
}

TEST_CASE("what is no checkpoint is refused with the reason") {
  CHECK(message_after([](auto&, auto&) {}).empty());
  CHECK(
      has(message_after([](auto& f, auto&) { f.metadata.clear(); }), "not a checkpoint of rondo"));
  CHECK(has(message_after([](auto&, auto& d) { d = 5; }), "not a JSON object"));
  CHECK(has(message_after([](auto&, auto& d) { d["format"] = 2; }), "format 2, expected 1"));
  CHECK(has(message_after([](auto&, auto& d) { d["cell"] = "perceptron"; }),
            "unknown cell \"perceptron\" (known: lstm, gru, rnn, relu, classroom)"));
  CHECK(has(message_after([](auto&, auto& d) { d.erase("hidden"); }), "\"hidden\" is missing"));
  CHECK(has(message_after([](auto&, auto& d) { d["hidden"] = "x"; }), "\"hidden\" has the wrong"));
  CHECK(has(message_after([](auto&, auto& d) { d["hidden"] = -3; }), "hidden"));
  CHECK(has(message_after([](auto&, auto& d) { d["input"] = "smells"; }), "\"smells\", expected"));
  CHECK(message_after([](auto&, auto& d) { d.erase("bidirectional"); }).empty());
  CHECK(
      has(message_after([](auto&, auto& d) { d["bidirectional"] = 1; }), "\"bidirectional\" has"));
  CHECK(has(message_after([](auto&, auto& d) { d["bidirectional"] = true; }), "_reverse"));
  CHECK(has(message_after([](auto&, auto& d) { d["cell"] = "classroom"; }), "second layer"));
  CHECK(has(message_after([](auto&, auto& d) { d["classes"] = {"one"}; }), "1 class names for 2"));
  CHECK(has(message_after([](auto&, auto& d) { d["alphabet"] = "ab"; }), "2 symbols for 4 tokens"));
}

TEST_CASE("tensors that are missing, of another shape, too many, or not finite are refused") {
  CHECK(has(message_after([](auto& f, auto&) { f.tensors.pop_back(); }), "linear.bias"));
  CHECK(has(message_after([](auto&, auto& d) { d["hidden"] = 4; }), "weight_ih_l0"));
  CHECK(has(message_after([](auto& f, auto&) {
              f.tensors.push_back({"extra", {1}, std::vector<float>{1.0F}});
            }),
            "extra does not belong"));
  for (const float bad : {std::nanf(""), HUGE_VALF}) {
    const std::string message = message_after(
        [&](auto& f, auto&) { std::get<std::vector<float>>(f.tensors[1].values)[7] = bad; });
    CHECK(has(message, "weight_hh_l0"));
    CHECK(has(message, "7"));
  }
}
