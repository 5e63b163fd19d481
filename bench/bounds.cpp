// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// bench_bounds: how near to the memory limit a product comes on this CPU (x86-64) if nothing waits.
// Each loop loads all the weights, in their order, and does what a product must do with them, for
// nobody: none of the sums is used, and no group of weights waits for another. Additions between
// registers stand for what a kernel does besides, requantizing and gates.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <span>
#include <vector>

#include "formats/loaded_image.hpp"
#include "measure.hpp"
#include "memory_limit.hpp"

namespace rondo::bench {
namespace {

using Bytes = std::span<const std::uint8_t>;

#if defined(__x86_64__)

constexpr std::size_t k_piece = 512;  // bytes of weights in one turn of a loop
alignas(64) constexpr float k_x[16] = {1};

struct Piece {
  std::uint8_t byte[k_piece];
};
const Piece& piece_at(const std::uint8_t* p) {
  return *reinterpret_cast<const Piece*>(p);
}

#define RONDO_SUMS \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm13", "xmm14", "xmm15"
// Eight times `one` of the weights at 0, width, 2 width ...; its sums are registers 0 to 7.
#define RONDO_EIGHT(one, at, w)                                                      \
  one(at, 0) one(at + w, 1) one(at + 2 * w, 2) one(at + 3 * w, 3) one(at + 4 * w, 4) \
      one(at + 5 * w, 5) one(at + 6 * w, 6) one(at + 7 * w, 7)

#define RONDO_FMA_512(at, n) "vfmadd231ps " #at "+%0, %%zmm15, %%zmm" #n "\n"
#define RONDO_VNNI_512(at, n) "vpdpbusd " #at "+%0, %%zmm15, %%zmm" #n "\n"
#define RONDO_FMA_256(at, n) "vfmadd231ps " #at "+%0, %%ymm15, %%ymm" #n "\n"
// Bytes as signed times unsigned, pairs of pairs, sums: what AVX2 needs for signed times signed.
#define RONDO_S8_256(at, n)                                    \
  "vpxor " #at                                                 \
  "+%0, %%ymm14, %%ymm8\nvpmaddubsw %%ymm8, %%ymm15, %%ymm8\n" \
  "vpmaddwd %%ymm8, %%ymm13, %%ymm8\nvpaddd %%ymm8, %%ymm" #n ", %%ymm" #n "\n"
#define RONDO_BROADCAST(type) "vbroadcastss %1, %%" type "15\n"

template <class Turn>
void for_all(Bytes weights, Turn turn) {
  const std::uint8_t* const end = weights.data() + weights.size() / k_piece * k_piece;
  for (const std::uint8_t* p = weights.data(); p != end; p += k_piece) turn(piece_at(p));
  asm volatile("vzeroupper" : : : RONDO_SUMS);
}

void floats_avx512(Bytes weights) {
  for_all(weights, [](const Piece& w) {
    asm volatile(RONDO_BROADCAST("zmm") RONDO_EIGHT(RONDO_FMA_512, 0, 64)
                 :
                 : "m"(w), "m"(k_x)
                 : RONDO_SUMS);
  });
}
void floats_avx2(Bytes weights) {
  for_all(weights, [](const Piece& w) {
    asm volatile(RONDO_BROADCAST("ymm") RONDO_EIGHT(RONDO_FMA_256, 0, 32) RONDO_BROADCAST("ymm")
                     RONDO_EIGHT(RONDO_FMA_256, 256, 32)
                 :
                 : "m"(w), "m"(k_x)
                 : RONDO_SUMS);
  });
}
void bytes_avx2(Bytes weights) {
  for_all(weights, [](const Piece& w) {
    asm volatile(RONDO_BROADCAST("ymm") RONDO_EIGHT(RONDO_S8_256, 0, 32) RONDO_BROADCAST("ymm")
                     RONDO_EIGHT(RONDO_S8_256, 256, 32)
                 :
                 : "m"(w), "m"(k_x)
                 : RONDO_SUMS);
  });
}
// `more` operations besides, for every eight registers of weights.
template <int more>
void bytes_vnni(Bytes weights) {
  for_all(weights, [](const Piece& w) {
    asm volatile(RONDO_BROADCAST("zmm") RONDO_EIGHT(RONDO_VNNI_512, 0, 64) RONDO_BROADCAST("zmm")
                 :
                 : "m"(w), "m"(k_x)
                 : RONDO_SUMS);
#pragma GCC unroll 16
    for (int n = 0; n < more; ++n) {
      asm volatile("vpaddd %%zmm14, %%zmm14, %%zmm8" : : : "xmm8");
    }
  });
}

struct Loop {
  const char* name;
  bool runs;
  Load run;
};

std::vector<Loop> loops() {
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool vnni = __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw");
  return {{"32-byte loads", avx2, load_of(Isa::avx2)},
          {"f32 product, AVX2", avx2, floats_avx2},
          {"f32 product, AVX-512", vnni, floats_avx512},
          {"int8 product, AVX2", avx2, bytes_avx2},
          {"int8 product, VNNI", vnni, bytes_vnni<0>},
          {"and 1 operation for 4 loads", vnni, bytes_vnni<2>},
          {"and 1 for 2", vnni, bytes_vnni<4>},
          {"and 3 for 4", vnni, bytes_vnni<6>},
          {"and 1 for 1", vnni, bytes_vnni<8>},
          {"and 3 for 2", vnni, bytes_vnni<12>}};
}

int run() {
  constexpr std::size_t sizes[] = {96256, 290816, 524288, 1163264};
  std::printf("times the limit, %s\n%-28s", widest_load_name(), "bytes of weights");
  for (const std::size_t size : sizes) std::printf("%10zu", size);
  tool::AlignedBytes memory(sizes[std::size(sizes) - 1]);
  std::fill_n(memory.data(), memory.size(), std::uint8_t{1});
  std::vector<std::vector<double>> ratios;
  for (const std::size_t size : sizes) {
    Turns turns;
    const auto add = [&](Load load) {
      return turns.add([=, weights = Bytes(memory.data(), size)](std::size_t times) {
        for (; times != 0; --times) load(weights);
      });
    };
    const std::size_t limit = add(widest_load());
    for (const Loop& loop : loops()) {
      if (loop.runs) add(loop.run);
    }
    turns.measure(400);
    ratios.emplace_back();
    std::size_t side = limit;
    for (const Loop& loop : loops()) {
      ratios.back().push_back(loop.runs ? turns.ns(++side) / turns.ns(limit) : 0);
    }
  }
  std::printf("\n");
  for (std::size_t n = 0; n < loops().size(); ++n) {
    if (!loops()[n].runs) continue;
    std::printf("%-28s", loops()[n].name);
    for (const auto& of_size : ratios) std::printf("%10.2f", of_size[n]);
    std::printf("\n");
  }
  return 0;
}

#else

int run() {
  std::printf("bench_bounds is for x86-64\n");
  return 0;
}

#endif

}  // namespace
}  // namespace rondo::bench

int main() {
  return rondo::bench::run();
}
