// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// CRC-32, arena, views, names of status values and kernel sets.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <set>
#include <span>
#include <string>

#include <rondo/rondo.hpp>

using namespace rondo;

TEST_CASE("crc32 gives the check value of the standard, in one piece or in two") {
  const auto* digits = reinterpret_cast<const std::uint8_t*>("123456789");
  CHECK(crc32(digits, 9) == 0xCBF43926U);
  CHECK(crc32(digits + 4, 5, crc32(digits, 4)) == 0xCBF43926U);
  CHECK(crc32(digits, 0) == 0);
}

TEST_CASE("an arena hands out aligned pieces until it is used up, and goes back") {
  alignas(64) std::uint8_t bytes[256];
  Arena arena{View<std::uint8_t>(bytes)};
  CHECK(arena.take(10) == bytes);
  CHECK(arena.take(1, 4) == bytes + 12);
  CHECK(arena.take(64) == bytes + 64);
  const std::size_t mark = arena.used();
  CHECK(arena.take(129, 1) == nullptr);
  CHECK(arena.used() == mark);
  CHECK(arena.take(128, 1) == bytes + 128);
  CHECK(arena.take(1, 1) == nullptr);
  CHECK(arena.take(SIZE_MAX, 1) == nullptr);
  arena.rewind(mark);
  CHECK(arena.take(0, 64) == bytes + 128);
  Arena shifted{View<std::uint8_t>(bytes + 1, 100)};
  CHECK(shifted.take(30) == bytes + 64);
  CHECK(shifted.take(30) == nullptr);
}

TEST_CASE("a view takes arrays, spans, pointer and length") {
  int numbers[3] = {1, 2, 3};
  std::array<int, 3> array = {4, 5, 6};
  CHECK(View<int>(numbers)[2] == 3);
  CHECK(View<int>(std::span<int>(array)).size() == 3);
  CHECK(View<const int>(numbers, 2).size() == 2);
  CHECK(View<int>().empty());
}

TEST_CASE("every status has a name of its own") {
  std::set<std::string> names;
  for (int s = 0; s <= static_cast<int>(Status::not_loaded); ++s) {
    names.insert(name_of(static_cast<Status>(s)));
  }
  CHECK(names.size() == static_cast<std::size_t>(Status::not_loaded) + 1);
  CHECK(names.count("unknown") == 0);
  CHECK(std::strcmp(name_of(static_cast<Status>(200)), "unknown") == 0);
}

TEST_CASE("the best kernel set is in the list, available and named") {
  bool found = false;
  for (const Isa isa : isa_list()) {
    CHECK(name_of(isa) != nullptr);
    found = found || isa == isa_best();
  }
  CHECK(found);
  CHECK(isa_available(isa_best()));
  CHECK(isa_list()[0] == Isa::scalar);
}
