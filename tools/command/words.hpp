// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Options of `rondo train` whose value is one of a few words.
#pragma once
#include <map>
#include <string>

#include "base/error.hpp"
#include "train/initialize.hpp"
#include "train/optimizer.hpp"
#include "train/schedule.hpp"

namespace rondo::tool {

// The value of a word, or an Error that lists the known ones.
template <class T>
T choose(const std::string& word, const std::string& option,
         const std::map<std::string, T>& known) {
  const auto found = known.find(word);
  if (found != known.end()) return found->second;
  std::string words;
  for (const auto& [name, value] : known) words += (words.empty() ? "" : ", ") + name;
  throw Error(option, "unknown word \"" + word + "\"", "known: " + words);
}

inline OptimizerKind optimizer_from(const std::string& word) {
  return choose<OptimizerKind>(word, "--optimizer",
                               {{"adam", OptimizerKind::adam}, {"sgd", OptimizerKind::sgd}});
}

inline Initialization initialization_from(const std::string& word) {
  return choose<Initialization>(word, "--init",
                                {{"uniform", Initialization::uniform},
                                 {"normal", Initialization::normal},
                                 {"xavier", Initialization::xavier},
                                 {"kaiming", Initialization::kaiming}});
}

inline Schedule schedule_from(const std::string& word) {
  return choose<Schedule>(word, "--schedule",
                          {{"constant", Schedule::constant},
                           {"step", Schedule::step},
                           {"cosine", Schedule::cosine},
                           {"one-cycle", Schedule::one_cycle}});
}

}  // namespace rondo::tool
