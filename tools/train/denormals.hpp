// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// While one lives, this thread takes numbers below 1.2e-38 for zero. Gradients that fade over many
// steps and Adam's means of letters that are never seen end down there, where most processors need
// a hundred times as long for every product. Does nothing where the mode is not known.
#pragma once
#include <cstdint>

namespace rondo::tool {

class FlushDenormals {
 public:
  FlushDenormals() : before_(mode()) { set_mode(before_ | k_flush); }
  ~FlushDenormals() { set_mode(before_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__x86_64__)
  static constexpr std::uint32_t k_flush = 0x8040;  // MXCSR: results (FTZ) and operands (DAZ)
  static std::uint32_t mode() {
    return __builtin_ia32_stmxcsr();
  }
  static void set_mode(std::uint32_t mode) {
    __builtin_ia32_ldmxcsr(mode);
  }
  std::uint32_t before_;
#elif defined(__aarch64__)
  static constexpr std::uint64_t k_flush = std::uint64_t{1} << 24;  // FPCR: FZ
  static std::uint64_t mode() {
    std::uint64_t mode = 0;
    asm volatile("mrs %0, fpcr" : "=r"(mode));
    return mode;
  }
  static void set_mode(std::uint64_t mode) {
    asm volatile("msr fpcr, %0" : : "r"(mode));
  }
  std::uint64_t before_;
#else
  static constexpr int k_flush = 0;
  static int mode() {
    return 0;
  }
  static void set_mode(int) {}
  int before_;
#endif
};

}  // namespace rondo::tool
