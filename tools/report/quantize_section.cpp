// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What int8 cost, from the JSON of quantize --report.
#include "base/error.hpp"
#include "report/sections.hpp"
#include "report/svg.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

Range range_of(const std::string& name, const json& deviation) {
  return {name, deviation.at("mean").get<double>(), deviation.at("largest").get<double>()};
}

std::vector<Range> ranges_of(const json& comparison) {
  std::vector<Range> ranges;
  std::size_t number = 0;
  for (const json& layer : comparison.at("layers")) {
    const std::string prefix = "layer " + std::to_string(number++) + ", ";
    for (const json& gate : layer.at("gates")) {
      ranges.push_back(range_of(prefix + gate.at("name").get<std::string>(), gate));
    }
    if (layer.contains("c")) ranges.push_back(range_of(prefix + "cell c", layer.at("c")));
    ranges.push_back(range_of(prefix + "output h", layer.at("h")));
  }
  ranges.push_back(range_of("scores", comparison.at("scores")));
  return ranges;
}

// A row a model, a column a figure that both have.
std::string table_of(const json& report) {
  std::vector<std::string> head = {"model"};
  std::vector<std::vector<std::string>> rows;
  for (const char* const side : {"float", "int8"}) {
    std::vector<std::string> row = {side};
    for (const auto& [key, value] : report.at("float").items()) {
      if (rows.empty()) head.push_back(key);
      row.push_back(short_number(report.at(side).at(key).get<double>()));
    }
    rows.push_back(row);
  }
  return html_table(head, rows);
}

}  // namespace

Section section_of_quantize(const json& report, const std::string& place) {
  try {
    return {"Float against int8: " + place,
            table_of(report) +
                html_paragraph("Absolute differences between the int8 runtime and the float net, "
                               "over every step of the test side.") +
                range_chart("Error by layer and gate", ranges_of(report.at("comparison")))};
  } catch (const json::exception&) {
    throw Error(place, "is not a report of rondo quantize to int8",
                "make one with: rondo quantize MODEL --data PATH --out FILE --report DIR");
  }
}

}  // namespace rondo::tool
