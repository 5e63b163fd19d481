// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See workers.hpp. Plain members are written before round_ is raised and read after it was seen to
// be, so that the atomic orders them.
#include "train/workers.hpp"

#include <utility>

#include "train/denormals.hpp"

namespace rondo::tool {
namespace {

// Waits until `value` is no longer `old`. The parts of a batch follow one another within
// microseconds, which is less than it takes to fall asleep and be woken: so a while of offering the
// processor to others comes first.
void wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
  constexpr int k_offers = 50;  // about 20 microseconds
  for (int i = 0; i < k_offers; ++i) {
    if (value.load() != old) return;
    std::this_thread::yield();
  }
  value.wait(old);
}

}  // namespace

Workers::Workers(std::size_t count)
    : thrown_(count) {  // NOLINT(bugprone-throw-keyword-missing): a vector
  for (std::size_t i = 1; i < count; ++i) threads_.emplace_back([this, i] { serve(i); });
}

Workers::~Workers() {
  stop_ = true;
  round_.fetch_add(1);
  round_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::run_all(std::size_t active) {
  active_ = active;
  if (active > 1) {
    unfinished_.store(static_cast<std::uint32_t>(threads_.size()));
    round_.fetch_add(1);
    round_.notify_all();
  }
  run_one(0);
  if (active > 1) {
    for (std::uint32_t left = unfinished_.load(); left != 0; left = unfinished_.load()) {
      wait_for_change(unfinished_, left);
    }
  }
  for (std::exception_ptr& thrown : thrown_) {
    if (thrown) std::rethrow_exception(std::exchange(thrown, nullptr));
  }
}

void Workers::run_one(std::size_t i) noexcept {
  const FlushDenormals flush;
  try {
    call_(work_, i);
  } catch (...) {
    thrown_[i] = std::current_exception();
  }
}

void Workers::serve(std::size_t i) {
  for (std::uint32_t seen = 0;;) {
    wait_for_change(round_, seen);
    ++seen;  // every worker takes part in every round, so rounds cannot be missed
    if (stop_) return;
    if (i < active_) run_one(i);
    if (unfinished_.fetch_sub(1) == 1) unfinished_.notify_one();
  }
}

}  // namespace rondo::tool
