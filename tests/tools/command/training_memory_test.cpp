// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the commands of `rondo train` take of memory: the figures are what they say, and a longer
// run allocates no more than a short one, so that no update allocates anything.
#include <doctest/doctest.h>

#include <cstddef>
#include <fstream>
#include <functional>

#include "command/train_lm.hpp"
#include "command/train_windows.hpp"
#include "counted_allocations.hpp"
#include "folder.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

std::size_t allocations_of(const std::function<void()>& work) {
  const std::size_t before = counted_allocations();
  work();
  return counted_allocations() - before;
}

// run(iterations), all within one epoch. The texts at the end (metadata, log) differ in length, and
// so may the times they grow; 40 updates that allocated would be 40 or more.
void check_no_growth(const std::function<void(std::size_t)>& run) {
  run(2);  // what is made once in a program
  const std::size_t less = allocations_of([&] { run(10); });
  const std::size_t more = allocations_of([&] { run(50); });
  CHECK(less > 0);
  CHECK(more < less + 20);
}

const Console k_silent{.json = false};

// The memory of a run as its log has it.
json memory_in(const std::string& log) {
  std::ifstream file(log);
  std::string line;
  REQUIRE(std::getline(file, line));
  return json::parse(line).at("memory");
}

TEST_CASE("train lm: no update allocates, and the log says how much memory there is") {
  const Folder folder;
  for (const std::size_t threads : {std::size_t{1}, std::size_t{2}}) {
    LmOptions options;
    options.data = RONDO_DATA_DIR "/text/orchard.txt";
    options.out = folder.string("m.safetensors");
    options.log = folder.string("m.jsonl");
    options.hidden = 16;
    options.batch = 4;
    options.steps = 5;
    options.threads = threads;
    options.save_every = 1e6;
    check_no_growth([&](std::size_t iterations) {
      options.iterations = iterations;
      train_lm(options, k_silent);
    });
    const json memory = memory_in(options.log);
    NetShape shape;
    shape.inputs = shape.outputs = 28;
    shape.hidden = 16;
    shape.layers = 2;
    shape.head = Head::every_step;
    const std::size_t block = Layout(shape).size * sizeof(float);
    CHECK(memory["parameters"] == block);
    CHECK(memory["gradients"] == threads * block);
    CHECK(memory["optimizer"] == 2 * block);
    CHECK(memory["total"].get<std::size_t>() ==
          (3 + threads) * block + memory["activations"].get<std::size_t>());
  }
}

TEST_CASE("train classify: no update allocates, however long the names") {
  const Folder folder;
  ClassifyOptions options;
  options.data = RONDO_DATA_DIR "/names";
  options.out = folder.string("m.safetensors");
  options.hidden = 12;
  options.batch = 4;
  options.threads = 2;
  options.save_every = 1e6;
  check_no_growth([&](std::size_t iterations) {
    options.iterations = iterations;
    train_classify(options, k_silent);
  });
}

TEST_CASE("train regress: no update allocates") {
  const Folder folder;
  const std::string data = folder.string("series.csv");
  std::ofstream file(data);
  file << "x\n";
  for (int i = 0; i < 1000; ++i) file << (i * 37 % 101) << "\n";
  file.close();
  RecordingOptions options;
  options.training.data = data;
  options.training.out = folder.string("m.safetensors");
  options.training.hidden = 12;
  options.training.batch = 8;
  options.training.threads = 1;
  options.training.save_every = 1e6;
  options.window = 12;
  check_no_growth([&](std::size_t iterations) {
    options.training.iterations = iterations;
    train_regress(options, k_silent);
  });
}

}  // namespace
}  // namespace rondo::tool
