// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The kernel sets of this build as users see them. RONDO_TEST_SETS: what Meson put into the build.
#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <rondo/isa.hpp>

#include "forced_cpu.hpp"

namespace {

using rondo::Isa;

std::vector<Isa> sets_of_this_build() {
  const auto list = rondo::isa_list();
  return {list.begin(), list.end()};
}

TEST_CASE("the list holds what was built, and nothing else") {
  std::set<std::string> built, listed;
  std::istringstream words(RONDO_TEST_SETS);
  for (std::string word; std::getline(words, word, ',');) built.insert(word);
  for (const Isa isa : sets_of_this_build()) {
    REQUIRE(rondo::name_of(isa) != nullptr);
    listed.insert(rondo::name_of(isa));
  }
  CHECK(listed == built);
}

TEST_CASE("the list is in the order of the enumeration, without repeats") {
  const std::vector<Isa> sets = sets_of_this_build();
  REQUIRE(!sets.empty());
  CHECK(sets.front() == Isa::scalar);
  for (size_t i = 1; i < sets.size(); ++i) CHECK(sets[i - 1] < sets[i]);
}

TEST_CASE("a set outside the list has no name and is not available") {
  const std::vector<Isa> sets = sets_of_this_build();
  int outside = 0;
  for (int value = 0; value < 256; ++value) {
    const auto isa = static_cast<Isa>(value);
    bool listed = false;
    for (const Isa set : sets) listed = listed || set == isa;
    CHECK((rondo::name_of(isa) != nullptr) == listed);
    if (listed) continue;
    ++outside;
    CHECK_FALSE(rondo::isa_available(isa));
  }
  CHECK(outside == 256 - static_cast<int>(sets.size()));
}

TEST_CASE("the scalar set is always available") {
  CHECK(rondo::isa_available(Isa::scalar));
}

TEST_CASE("the best set is the last of the list that is available") {
  Isa last = Isa::scalar;
  for (const Isa isa : sets_of_this_build()) last = rondo::isa_available(isa) ? isa : last;
  CHECK(rondo::isa_best() == last);
}

TEST_CASE("the suite refuses to force a set that it does not have") {
  CHECK(rondo::test::why_not_forced("scalar") == nullptr);
  CHECK(rondo::test::why_not_forced("none") != nullptr);
  CHECK(rondo::test::why_not_forced("") != nullptr);
}

TEST_CASE("a forced set is the only one beside the scalar set") {
  const char* const forced = rondo::test::forced_isa();
  if (forced == nullptr) return;
  CHECK(std::string(rondo::name_of(rondo::isa_best())) == forced);
  for (const Isa isa : sets_of_this_build()) {
    CHECK(rondo::isa_available(isa) ==
          (isa == Isa::scalar || rondo::name_of(isa) == std::string(forced)));
  }
}

}  // namespace
