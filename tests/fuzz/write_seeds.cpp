// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Makes the first files of the corpora of images, saved states and checkpoints: small models of
// every kind. usage: write_seeds FOLDER (the corpora stand below it). By hand, when the format
// changes.
#include <cstdio>
#include <filesystem>

#include "base/file.hpp"
#include "fuzz.hpp"
#include "layers_chain.hpp"
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

// Layers without a state among others: dense, pool and skip; an embedding and scores of a dense
// layer.
std::vector<test::ChainSpec> chains_of(Type type) {
  const bool f32 = type == Type::f32;
  const Format x = f32 ? Format::f32 : Format::s16, h = f32 ? Format::f32 : Format::s8;
  const Format scores = f32 ? Format::f32 : Format::s32;
  const auto relu = test::mode_of(Activation::relu), tanh = test::mode_of(Activation::tanh);
  return {{"skip",
           x,
           3,
           {{Kind::dense, h, 4, relu},
            {Kind::pool, h, 4, test::mode_of(Pool::mean)},
            {Kind::gru, h, 5, 0, h},
            {Kind::linear, scores, 2},
            {Kind::skip, scores, 2, 0, x}}},
          {"embedding",
           Format::token,
           3,
           {{Kind::dense, h, 4, tanh},
            {Kind::lstm, h, 4, 0, h, Direction::forward},
            {Kind::lstm, h, 4, 0, h, Direction::backward},
            {Kind::pool, h, 8, test::mode_of(Pool::max)},
            {Kind::dense, scores, 2}},
           4}};
}

// Where load looks further than at a good image: the layout alone, metadata, states to start from,
// bytes that are missing or damaged, and halves of a layer that do not fit together. The first byte
// of a file: see image_fuzz.cpp.
void write_others(const std::filesystem::path& folder) {
  for (const auto& [kind, name] : {std::pair{Kind::lstm, "lstm"}, {Kind::rnn, "rnn"}}) {
    const test::ModelShape shape{Type::s8, Format::s8, 3,
                                 {4},      2,          {.kinds = {kind}, .initial = true}};
    tool::ImageContent content = test::random_model(shape, 2);
    content.metadata = "{}";
    std::vector<std::uint8_t> image = tool::pack(content, Packing::host);
    write(folder / (std::string(name) + "_initial"), image, {0});
    write(folder / (std::string(name) + "_layout"), image, {4});
    if (kind == Kind::rnn) continue;
    image.back() ^= 1;
    write(folder / "damaged", image, {1});
    image.resize(sizeof(ImageHeader) + sizeof(LayerRecord));
    write(folder / "cut", image, {1});
  }
  tool::ImageContent halves =
      test::random_model(shape_of_seed(Type::f32, Format::f32, Kind::rnn, true), 2);
  halves.layers[1] =
      test::random_model({Type::f32, Format::f32, 3, {4}, 2, {.kinds = {Kind::rnn}}}, 2).layers[0];
  halves.layers[1].direction = Direction::backward;
  write(folder / "f32_halves", tool::pack(halves, Packing::host), {4});
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
  write_others(folder / "image");
  for (const Type type : {Type::s8, Type::f32}) {
    for (const test::ChainSpec& spec : chains_of(type)) {
      const std::string name = (type == Type::f32 ? "f32_" : "s8_") + spec.name;
      const auto chain = test::random_chain(spec, type, 1);
      write(folder / "image" / name, tool::pack(chain, Packing::host), {0});
    }
  }
}
