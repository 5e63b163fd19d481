// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// test_kernels: checks kernel sets on a host.
//   test_kernels [--set NAME] [--expect NAME,NAME...] [--seed N] [--only ENTRY] [--thin N]
//                [--pages mapped]
// --set: this one; ends with 77 (skipped) where this CPU cannot run it. Without it every set that
// the CPU can run. --expect: fails unless these and no others are the ones that run. --thin: every
// Nth product and gate argument, for emulated CPUs. --pages mapped: see platform.hpp.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/engine.hpp"

namespace {

using rondo::Isa;
using rondo::engine::Options;

constexpr int k_skipped = 77;  // Meson's word for it

// Whether the comma-separated list holds the name.
bool lists(const char* list, const char* name) {
  const size_t length = strlen(name);
  for (const char* at = list; at != nullptr; at = strchr(at, ',')) {
    at += *at == ',' ? 1 : 0;
    if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0')) return true;
  }
  return false;
}

size_t names_in(const char* list) {
  size_t count = 1;
  for (const char* at = list; *at != '\0'; ++at) count += *at == ',' ? 1 : 0;
  return count;
}

uint32_t number_of(const char* text) {
  return static_cast<uint32_t>(strtoul(text, nullptr, 10));
}

int run_one(const char* name, Options options) {
  for (const Isa isa : rondo::isa_list()) {
    if (strcmp(rondo::name_of(isa), name) != 0) continue;
    if (!rondo::isa_available(isa)) {
      printf("kernels %s: skipped: this CPU cannot run it\n", name);
      return k_skipped;
    }
    options.set = name;
    return rondo::engine::check_set(isa, options) ? 0 : 1;
  }
  printf("FAILED: kernel set %s is not in this build\n", name);
  return 1;
}

int run_all(const char* expected, Options options) {
  bool good = true;
  size_t count = 0;
  for (const Isa isa : rondo::isa_list()) {
    options.set = rondo::name_of(isa);
    if (!rondo::isa_available(isa)) {
      printf("kernels %s: skipped: this CPU cannot run it\n", options.set);
      continue;
    }
    ++count;
    good = rondo::engine::check_set(isa, options) && good;
    if (expected != nullptr && !lists(expected, options.set)) {
      printf("FAILED: kernel set %s ran, expected were %s\n", options.set, expected);
      good = false;
    }
  }
  if (expected != nullptr && count != names_in(expected)) {
    printf("FAILED: %zu kernel sets ran, expected were %s\n", count, expected);
    good = false;
  }
  return good && count != 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  Options options;
  const char* set = nullptr;
  const char* expected = nullptr;
  for (int i = 1; i + 1 < count; i += 2) {
    if (strcmp(arguments[i], "--set") == 0) {
      set = arguments[i + 1];
    } else if (strcmp(arguments[i], "--expect") == 0) {
      expected = arguments[i + 1];
    } else if (strcmp(arguments[i], "--seed") == 0) {
      options.seed = number_of(arguments[i + 1]);
    } else if (strcmp(arguments[i], "--only") == 0) {
      options.only = arguments[i + 1];
    } else if (strcmp(arguments[i], "--thin") == 0) {
      options.thin = number_of(arguments[i + 1]);
    } else if (strcmp(arguments[i], "--pages") == 0 && strcmp(arguments[i + 1], "mapped") == 0) {
      rondo::engine::keep_pages_mapped();
    } else {
      count = 0;
    }
  }
  if (count % 2 == 0 || options.thin == 0) {
    fputs(
        "usage: test_kernels [--set NAME] [--expect NAME,...] [--seed N] [--only ENTRY] "
        "[--thin N] [--pages mapped]\n",
        stderr);
    return 2;
  }
  printf("seed %u\n", static_cast<unsigned>(options.seed));
  return set != nullptr ? run_one(set, options) : run_all(expected, options);
}
