// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo help [COMMAND...]: what --help prints. With --man it writes the manual pages, which are
// made of the same text: the build calls it.
#include <memory>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/command.hpp"
#include "command/manual.hpp"

namespace rondo::tool {
namespace {

struct Settings {
  std::vector<std::string> words;
  std::string man;
};

const Arguments& find_command(const Arguments& program, const std::vector<std::string>& words) {
  const Arguments* at = &program;
  for (const std::string& word : words) {
    const Arguments* next = nullptr;
    std::string known;
    for (const Arguments* command : at->commands()) {
      const std::string full = command->full_name();
      const std::string name = full.substr(full.rfind(' ') + 1);
      if (name == word) next = command;
      known.append(known.empty() ? "" : ", ").append(name);
    }
    if (next == nullptr) {
      throw Error("rondo help", "there is no command " + word,
                  known.empty() ? at->full_name() + " has no commands of its own"
                                : at->full_name() + " has " + known);
    }
    at = next;
  }
  return *at;
}

void write_manual(const Arguments& command, const std::string& folder, const std::string& version) {
  write_whole(std::filesystem::path(folder) / (page_name_of(command) + ".1"),
              manual_page(command, version));
  for (const Arguments* below : command.commands()) write_manual(*below, folder, version);
}

}  // namespace

void add_help(Arguments& program, const Console& console, const std::string& version) {
  Arguments& command = program.command("help", "Explain a command: rondo help train classify");
  auto settings = std::make_shared<Settings>();
  command.add("COMMAND", settings->words, "The command, as one would type it");
  command.add("--man", settings->man,
              "Write the manual pages of all commands into this folder instead");
  command.on_run([&program, &console, settings, version] {
    if (!settings->man.empty()) return write_manual(program, settings->man, version);
    std::string help = find_command(program, settings->words).help();
    while (!help.empty() && help.back() == '\n') help.pop_back();
    console.say(help + "\n");
  });
}

}  // namespace rondo::tool
