// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What a runtime that was made for one model does with other images: linked with the bundle named
// tokens by host_test.py, under sanitizers. refuse OWN.rondo OTHER.rondo...: loads the first with
// each bit of header and records flipped, and runs what is accepted; prints the status of the
// others, a line each.
#include <stdio.h>
#include <string.h>
#include <tokens.h>

#include <memory>

#include <rondo/crc32.hpp>
#include <rondo/model.hpp>
#include <rondo/stream.hpp>

namespace {

using rondo::Status;

constexpr size_t k_most = size_t{1} << 20;
alignas(rondo::k_arena_align) uint8_t g_arena[k_most];

// A copy of just its size, so that a byte read behind it is one too many.
struct Image {
  size_t size = 0;
  std::unique_ptr<uint32_t[]> words;
  uint8_t* bytes() const { return reinterpret_cast<uint8_t*>(words.get()); }
};

Image read(const char* path) {
  Image image;
  FILE* const file = fopen(path, "rb");
  if (file == nullptr) return image;
  static uint8_t buffer[k_most];
  image.size = fread(buffer, 1, sizeof buffer, file);
  fclose(file);
  image.words = std::make_unique<uint32_t[]>((image.size + 3) / 4);
  memcpy(image.bytes(), buffer, image.size);
  return image;
}

Status load_and_run(const Image& image, const rondo::Proofs* proofs) {
  rondo::Arena arena({g_arena, sizeof g_arena});
  rondo::Model model;
  rondo::Stream stream;
  Status status = model.load({image.bytes(), image.size}, tokens_cells, arena, proofs);
  if (status == Status::ok) status = stream.bind(model, arena);
  if (status != Status::ok) return status;
  for (uint32_t token = 0; token < 4; ++token) stream.step(token * (model.inputs() / 3));
  stream.argmax();
  return status;
}

void repair_crc(const Image& image) {
  rondo::ImageHeader header;
  memcpy(&header, image.bytes(), sizeof header);
  header.crc = rondo::crc32(image.bytes() + rondo::k_crc_from, image.size - rondo::k_crc_from);
  memcpy(image.bytes(), &header, sizeof header);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 1;
  const Image own = read(argv[1]);
  if (own.size == 0 || load_and_run(own, &rondo::k_proofs) != Status::ok) return 1;
  constexpr size_t k_bits = 8 * (sizeof(rondo::ImageHeader) + 2 * sizeof(rondo::LayerRecord));
  unsigned accepted = 0, refused = 0;
  for (size_t bit = 0; bit < k_bits; ++bit) {
    const uint8_t flip = static_cast<uint8_t>(1U << bit % 8);
    own.bytes()[bit / 8] ^= flip;
    repair_crc(own);
    (load_and_run(own, &rondo::k_proofs) == Status::ok ? accepted : refused) += 1;
    (load_and_run(own, nullptr) == Status::ok ? accepted : refused) += 1;
    own.bytes()[bit / 8] ^= flip;
  }
  printf("%u flips accepted, %u refused\n", accepted, refused);
  for (int i = 2; i < argc; ++i) {
    const Image other = read(argv[i]);
    printf("%s\n", other.size == 0 ? "missing" : name_of(load_and_run(other, &rondo::k_proofs)));
  }
  return refused > accepted ? 0 : 1;
}
