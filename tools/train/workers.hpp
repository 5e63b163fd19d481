// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Threads that live as long as the trainer and sleep between the parts of a batch.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <thread>
#include <type_traits>
#include <vector>

namespace rondo::tool {

class Workers {
 public:
  // The caller's thread is worker 0; the others are started here.
  explicit Workers(std::size_t count);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  std::size_t count() const { return threads_.size() + 1; }

  // Calls work(i) for i = 0 .. active - 1, each on its own thread, and waits for all of them;
  // rethrows what the first of them threw. Work is done with denormal numbers flushed to zero.
  // 1 <= active <= count().
  template <class Work>
  void run(std::size_t active, Work&& work) {
    using Function = std::remove_reference_t<Work>;
    call_ = [](void* w, std::size_t i) { (*static_cast<Function*>(w))(i); };
    work_ = &work;
    run_all(active);
  }

 private:
  void run_all(std::size_t active);
  void run_one(std::size_t i) noexcept;
  void serve(std::size_t i);

  void (*call_)(void*, std::size_t) = nullptr;
  void* work_ = nullptr;
  std::size_t active_ = 0;
  bool stop_ = false;
  std::atomic<std::uint32_t> round_{0};  // counts the calls of run; wakes the workers
  std::atomic<std::uint32_t> unfinished_{0};
  std::vector<std::exception_ptr> thrown_;  // one a worker
  std::vector<std::thread> threads_;
};

}  // namespace rondo::tool
