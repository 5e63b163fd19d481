// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Makes the first files of the corpora of images, saved states and checkpoints: small models of
// every kind. usage: write_seeds FOLDER (the corpora stand below it). By hand, when the format
// changes.
#include <cstdio>
#include <filesystem>

#include "base/file.hpp"
#include "fuzz.hpp"
#include "random_model.hpp"

using namespace rondo;

namespace {

const char* const k_names[] = {"lstm", "gru", "gru_before", "rnn"};
const char* const k_packings_of_files[] = {"host", "cortex_m", "helium"};

void write(const std::filesystem::path& path, std::vector<std::uint8_t> bytes,
           std::initializer_list<std::uint8_t> choices) {
  bytes.insert(bytes.begin(), choices);
  std::filesystem::create_directories(path.parent_path());
  tool::write_whole(path, bytes);
}

test::ModelShape shape_of_seed(Type type, Format input, Kind kind, bool bidirectional) {
  test::ModelShape shape{type, input, 3, {5}, 2, {.kinds = {kind}}};
  if (bidirectional) {
    shape.more.bidirectional = {true};
    shape.more.max_steps = 4;
  }
  shape.more.initial = kind == Kind::gru;
  return shape;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: write_seeds FOLDER\n"), 1;
  fuzz::doctest_stops();
  const std::filesystem::path folder = argv[1];
  for (std::size_t k = 0; k < 4; ++k) {
    const std::string name = k_names[k];
    const Kind kind = static_cast<Kind>(k);
    const auto f32 = test::random_model(shape_of_seed(Type::f32, Format::f32, kind, k == 1), 1);
    write(folder / "image" / ("f32_" + name), tool::pack(f32, Packing::host), {0});
    const auto s8 = test::random_model(
        shape_of_seed(Type::s8, k % 2 == 0 ? Format::token : Format::s16, kind, k == 3), 1);
    for (std::size_t p = 0; p < 3; ++p) {
      const auto image = tool::pack(s8, static_cast<Packing>(p));
      write(folder / "image" / (name + "_" + k_packings_of_files[p]), image, {0});
    }
    test::Runner runner(s8);
    std::vector<std::uint8_t> blob(runner.stream.save_bytes());
    if (runner.stream.save({blob.data(), blob.size()}) != Status::ok) return 1;
    write(folder / "state" / name, blob, {static_cast<std::uint8_t>(3 * k), 1});
  }
}
