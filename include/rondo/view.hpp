// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// View: pointer and length, for C++17 compilers without std::span; takes a std::span where there is
// one, an array, or pointer and length. It owns nothing.
#pragma once
#include <stddef.h>

#if __cplusplus < 201703L
#error "rondo needs C++17: compile with -std=gnu++17 or -std=c++17, or newer"
#endif

#if defined(__has_include) && defined(__cplusplus) && __cplusplus >= 202002L
#if __has_include(<span>)
#include <span>
#define RONDO_HAS_SPAN 1
#endif
#endif

namespace rondo {

template <class T>
class View {
 public:
  constexpr View() noexcept = default;
  constexpr View(T* data, size_t size) noexcept : data_(data), size_(size) {}
  template <size_t N>
  constexpr View(T (&array)[N]) noexcept : data_(array), size_(N) {}
#ifdef RONDO_HAS_SPAN
  constexpr View(std::span<T> span) noexcept : data_(span.data()), size_(span.size()) {}
#endif

  constexpr T* data() const noexcept {
    return data_;
  }
  constexpr size_t size() const noexcept {
    return size_;
  }
  constexpr bool empty() const noexcept {
    return size_ == 0;
  }
  constexpr T& operator[](size_t at) const noexcept {
    return data_[at];
  }
  constexpr T* begin() const noexcept {
    return data_;
  }
  constexpr T* end() const noexcept {
    return data_ + size_;
  }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace rondo
