// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Any bytes as a table of recordings: read in each of the ways that commands read one, its sides
// set and its windows cut.
#include "base/error.hpp"
#include "data/recordings.hpp"
#include "fuzz.hpp"

using namespace rondo;

namespace {

void read(const std::string& path, const tool::Columns& columns, const tool::Windowing& how) {
  try {
    tool::Recordings data = tool::load_series(path, columns);
    tool::set_sides(data, how);
    for (const tool::Window& window : tool::windows_of(data, {}, how)) {
      fuzz::require(tool::features_of(data, window).size() == window.steps * data.features.size());
    }
    const tool::Scaling features = tool::feature_scaling(data);
    const tool::Scaling targets =
        data.targets.empty() ? tool::Scaling{} : tool::target_scaling(data);
    tool::normalize(data, features, targets);
  } catch (const tool::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::MemoryFile file;
  fuzz::Choices choices(data, size);
  const tool::Windowing how = {choices.below(8), 1 + choices.below(4), choices.below(3),
                               choices.flag()};
  const std::string& path = file.fill(choices.rest());
  using Need = tool::Columns::Need;
  for (const Need need : {Need::features, Need::targets, Need::label}) {
    read(path, {need, {}, {}}, how);
  }
  return 0;
}
