// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Any bytes as the log of a training run, and as what the quantizer reported: the page that shows
// it.
#include "base/error.hpp"
#include "fuzz.hpp"
#include "report/sections.hpp"

using namespace rondo;

namespace {

std::vector<tool::Section> sections_from(fuzz::Choices& choices, fuzz::MemoryFile& file) {
  if (choices.flag()) {
    const auto bytes = choices.rest();
    const auto json = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
    if (json.is_discarded()) return {};
    return {tool::section_of_quantize(json, "input")};
  }
  const tool::LoggedRun run = tool::read_run_log(file.fill(choices.rest()));
  std::vector<tool::Section> sections = tool::sections_of_runs({run, run});
  for (const auto& section : tool::sections_of_classes(run)) sections.push_back(section);
  return sections;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::MemoryFile file;
  fuzz::Choices choices(data, size);
  try {
    fuzz::require(!tool::html_page("fuzz", sections_from(choices, file)).empty());
  } catch (const tool::Error&) {
  }
  return 0;
}
