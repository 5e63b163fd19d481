// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/manual.hpp"

#include <algorithm>
#include <cctype>

namespace rondo::tool {
namespace {

// Roff takes a leading dot or quote for a request, and a minus for a hyphen.
std::string roff(const std::string& text) {
  std::string escaped;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) escaped += "\\&";
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else {
      escaped += c;
    }
    line_start = c == '\n';
  }
  return escaped;
}

std::string italic(const std::string& text) {
  std::string word = "\\fI";
  word += roff(text);
  word += "\\fR";
  return word;
}

std::string synopsis_of(const Arguments& command, const std::vector<OptionText>& options) {
  std::string line = ".B ";
  line += roff(command.full_name()) + "\n[\\fIOPTIONS\\fR]";
  if (!command.commands().empty()) return line + " \\fICOMMAND\\fR\n";
  for (const OptionText& option : options) {
    if (!option.positional) continue;
    const std::string name = italic(option.name);
    line += option.required ? " " : " [";
    line += name;
    if (!option.required) line += "]";
  }
  return line + "\n";
}

std::string entry_of(const OptionText& option) {
  std::string text = ".TP\n.B ";
  text += roff(option.name);
  if (!option.positional && !option.value.empty()) text.append(" ").append(italic(option.value));
  text.append("\n").append(roff(option.help));
  if (option.required) text += " (required)";
  if (!option.preset.empty()) text.append(" (default: ").append(roff(option.preset)).append(")");
  return text + "\n";
}

}  // namespace

std::string page_name_of(const Arguments& command) {
  std::string name = command.full_name();
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string manual_page(const Arguments& command, const std::string& version) {
  const std::vector<OptionText> options = command.options();
  std::string title = page_name_of(command);
  std::transform(title.begin(), title.end(), title.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const std::string summary = command.summary();
  const std::string name = summary.substr(0, summary.find_first_of(":.\n"));
  std::string page = ".TH ";
  page.append(roff(title)).append(" 1 \"\" \"rondo ").append(version).append("\"\n.SH NAME\n");
  page.append(roff(page_name_of(command))).append(" \\- ").append(roff(name));
  page.append("\n.SH SYNOPSIS\n").append(synopsis_of(command, options));
  page.append(".SH DESCRIPTION\n").append(roff(summary)).append("\n");
  page += ".SH OPTIONS\n";
  for (const OptionText& option : options) page += entry_of(option);
  const auto commands = command.commands();
  if (!commands.empty()) page += ".SH COMMANDS\n";
  for (const Arguments* below : commands) {
    page.append(".TP\n.BR ").append(roff(page_name_of(*below))).append(" (1)\n");
    page.append(roff(below->summary())).append("\n");
  }
  page += ".SH EXIT STATUS\n0 good, 1 bad input or usage, 2 a fault of rondo itself.\n";
  return page;
}

}  // namespace rondo::tool
