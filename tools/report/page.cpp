// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "report/page.hpp"

#include "report/svg.hpp"

namespace rondo::tool {
namespace {

// The six colors of series were taken from Okabe and Ito's palette, which is told apart with every
// kind of color vision; lighter ones on dark paper.
constexpr const char* k_style = R"(
:root { color-scheme: light dark;
  --paper: #fff; --ink: #1b1f24; --soft: #59636e; --rule: #d5dae0; --track: #eef1f4;
  --s0: #0067a5; --s1: #c65102; --s2: #007a5a; --s3: #a8447f; --s4: #8a6d00; --s5: #4b4b8f; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14171b; --ink: #e7eaee; --soft: #a3adb8; --rule: #353b43; --track: #242930;
  --s0: #4fb0ee; --s1: #ff9a4d; --s2: #34c79c; --s3: #ee92c8; --s4: #e6c545; --s5: #a9a6f5; } }
@media print { :root { color-scheme: light;
  --paper: #fff; --ink: #000; --soft: #333; --rule: #bbb; --track: #eee;
  --s0: #0067a5; --s1: #c65102; --s2: #007a5a; --s3: #a8447f; --s4: #8a6d00; --s5: #4b4b8f; }
  section { break-inside: avoid; } body { max-width: none; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
p { max-width: 44rem; margin: .4rem 0; } footer { margin-top: 3rem; color: var(--soft); }
.wide, .picture { overflow-x: auto; }
svg { display: block; max-width: 100%; height: auto; font-size: 12.5px; }
@media screen and (max-width: 45rem) { .scroll svg { max-width: none; }
  .curves svg { font-size: 17px; } }
table { border-collapse: collapse; font-size: .92rem; }
th, td { text-align: left; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--rule);
  white-space: nowrap; }
th { color: var(--soft); font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
text { fill: var(--ink); } .tick { fill: var(--soft); } .number { font-size: 11.5px; }
.on { fill: var(--paper); font-size: 11.5px; font-weight: 600; }
.grid { stroke: var(--rule); } .axis { stroke: var(--soft); }
.frame { fill: none; stroke: var(--rule); } .track { fill: var(--track); }
)";

bool is_number(const std::string& cell) {
  return !cell.empty() && cell.find_first_of("0123456789") == 0;
}

std::string cell_of(const char* tag, const std::string& text, bool right) {
  return std::string("<") + tag + (right ? " class=\"n\">" : ">") + escaped(text) + "</" + tag +
         ">";
}

}  // namespace

std::string html_paragraph(const std::string& text) {
  return "<p>" + escaped(text) + "</p>\n";
}

std::string html_table(const std::vector<std::string>& head,
                       const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<div class=\"wide\"><table><thead><tr>";
  for (std::size_t k = 0; k < head.size(); ++k) {
    out += cell_of("th", head[k], !rows.empty() && k < rows[0].size() && is_number(rows[0][k]));
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    out += "<tr>";
    for (const std::string& cell : row) out += cell_of("td", cell, is_number(cell));
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string html_page(const std::string& title, const std::vector<Section>& sections) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      escaped(title) + "</title>\n<style>" + k_style + "</style>\n</head>\n<body>\n<h1>" +
      escaped(title) + "</h1>\n";
  for (const Section& section : sections) {
    out += "<section>\n<h2>" + escaped(section.title) + "</h2>\n" + section.body + "</section>\n";
  }
  return out + "<footer>Made by rondo report.</footer>\n</body>\n</html>\n";
}

}  // namespace rondo::tool
