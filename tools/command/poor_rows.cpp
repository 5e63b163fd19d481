// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/poor_rows.hpp"

namespace rondo::tool {

void say_poor_rows(const Console& console, const std::vector<PoorRow>& rows) {
  console.say(format("rows that lost precision (error above %.0f %% of the row): %zu",
                     100 * k_poor_row, rows.size()));
  for (std::size_t i = 0; i < rows.size() && i < 5; ++i) {
    console.say(format("  layer %zu %s row %zu: %.1f %%", rows[i].layer, rows[i].matrix.c_str(),
                       rows[i].row, 100 * rows[i].relative_error));
  }
  if (rows.size() > 5) console.say("  ... all of them in the JSON report");
}

nlohmann::json to_json(const std::vector<PoorRow>& rows) {
  nlohmann::json list = nlohmann::json::array();
  for (const PoorRow& row : rows) {
    list.push_back({{"layer", row.layer},
                    {"matrix", row.matrix},
                    {"row", row.row},
                    {"relative_error", row.relative_error}});
  }
  return list;
}

}  // namespace rondo::tool
