// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See memory_limit.hpp. The loads are assembly, which no compiler drops: with intrinsics something
// would have to be done with what was loaded.
#include "memory_limit.hpp"

#include <cstddef>

namespace rondo::bench {
namespace {

// load(p) reads `width` bytes; eight in a row, so that the loop costs next to nothing. The rest of
// fewer than `width` bytes is one load that ends where they end.
template <std::size_t width, class One>
inline __attribute__((always_inline)) void load_all(std::span<const std::uint8_t> bytes, One load) {
  const std::uint8_t* p = bytes.data();
  const std::uint8_t* const end = p + bytes.size();
  for (; p + 8 * width <= end; p += 8 * width) {
    load(p);
    load(p + width);
    load(p + 2 * width);
    load(p + 3 * width);
    load(p + 4 * width);
    load(p + 5 * width);
    load(p + 6 * width);
    load(p + 7 * width);
  }
  for (; p + width <= end; p += width) load(p);
  if (p != end && bytes.size() >= width) load(end - width);
}

template <std::size_t width>
struct Bytes {
  std::uint8_t byte[width];
};
template <std::size_t width>
const Bytes<width>& at(const std::uint8_t* p) {
  return *reinterpret_cast<const Bytes<width>*>(p);
}

#if defined(__x86_64__)
void load_avx512(std::span<const std::uint8_t> bytes) {
  load_all<64>(bytes, [](const std::uint8_t* p) {
    asm volatile("vmovdqu64 %0, %%zmm0" : : "m"(at<64>(p)) : "xmm0");
  });
  asm volatile("vzeroupper" : : : "xmm0");  // else SSE code that follows waits for upper halves
}
void load_avx2(std::span<const std::uint8_t> bytes) {
  load_all<32>(bytes, [](const std::uint8_t* p) {
    asm volatile("vmovdqu %0, %%ymm0" : : "m"(at<32>(p)) : "xmm0");
  });
  asm volatile("vzeroupper" : : : "xmm0");
}
void load_sse2(std::span<const std::uint8_t> bytes) {
  load_all<16>(bytes, [](const std::uint8_t* p) {
    asm volatile("movdqu %0, %%xmm0" : : "m"(at<16>(p)) : "xmm0");
  });
}
#elif defined(__aarch64__)
void load_neon(std::span<const std::uint8_t> bytes) {
  load_all<16>(bytes, [](const std::uint8_t* p) {
    asm volatile("ldr q0, %0" : : "m"(at<16>(p)) : "v0");
  });
}
#endif

#if !defined(__x86_64__) && !defined(__aarch64__)
void load_words(std::span<const std::uint8_t> bytes) {
  load_all<8>(bytes, [](const std::uint8_t* p) {
    (void)*static_cast<const volatile std::uint64_t*>(static_cast<const void*>(p));
  });
}
#endif

struct Choice {
  Load load;
  const char* name;
};

Choice choose() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return {load_avx512, "64-byte loads (AVX-512)"};
  if (__builtin_cpu_supports("avx2")) return {load_avx2, "32-byte loads (AVX2)"};
  return {load_sse2, "16-byte loads (SSE2)"};
#elif defined(__aarch64__)
  return {load_neon, "16-byte loads (NEON)"};
#else
  return {load_words, "8-byte loads"};
#endif
}

}  // namespace

Load widest_load() {
  return choose().load;
}

const char* widest_load_name() {
  return choose().name;
}

Load load_of([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::avx2 || isa == Isa::avx_vnni) return load_avx2;
  return isa == Isa::scalar ? load_sse2 : load_avx512;
#else
  return widest_load();
#endif
}

}  // namespace rondo::bench
