// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The report's page: one HTML file with its style inside, which reads nothing from elsewhere, for
// light and dark screens, wide and narrow, and for paper.
#pragma once
#include <string>
#include <vector>

namespace rondo::tool {

struct Section {
  std::string title;
  std::string body;  // HTML
};

// Every cell is text and is escaped; those that look like numbers stand to the right.
std::string html_table(const std::vector<std::string>& head,
                       const std::vector<std::vector<std::string>>& rows);
std::string html_paragraph(const std::string& text);
std::string html_page(const std::string& title, const std::vector<Section>& sections);

}  // namespace rondo::tool
