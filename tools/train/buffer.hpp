// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Memory of the trainer: aligned to a cache line, and it only grows, so that after the largest
// batch training allocates nothing.
#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

namespace rondo::tool {

template <class T>
class Buffer {
  static_assert(std::is_trivial_v<T>);

 public:
  // At least n elements. What they held is lost where the buffer had to grow.
  T* room(std::size_t n) {
    if (n > size_) {
      data_.reset(static_cast<T*>(::operator new[](n * sizeof(T), k_line)));
      size_ = n;
    }
    return data_.get();
  }

  // The same, the first n set to zero.
  T* zeros(std::size_t n) {
    std::fill_n(room(n), n, T{});
    return data_.get();
  }

  std::size_t bytes() const { return size_ * sizeof(T); }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }

 private:
  static constexpr std::align_val_t k_line{64};
  struct Free {
    void operator()(T* p) const { ::operator delete[](p, k_line); }
  };

  std::unique_ptr<T[], Free> data_;
  std::size_t size_ = 0;
};

}  // namespace rondo::tool
