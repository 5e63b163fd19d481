// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The command line: commands with their options, parsed by CLI11. That library is as large as all
// of rondo, so only arguments.cpp sees it.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace rondo::tool {

// What a command takes, for pages about it.
struct OptionText {
  std::string name;    // "--out", or "MODEL" where it has a place instead of a name
  std::string value;   // what follows: "TEXT"; empty for a flag
  std::string preset;  // the default; may be empty
  std::string help;
  bool required;
  bool positional;
};

class Arguments {
 public:
  // The program itself.
  Arguments(const std::string& name, const std::string& help, const std::string& version);
  ~Arguments();
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  // A command below this one. Where a program or command has some, one of them must be given.
  Arguments& command(const std::string& name, const std::string& help);

  // Names that begin with -- are options, others positional. The value that stands in the variable
  // now is the default and is shown in the help.
  enum class Need : std::uint8_t { optional, required };
  void add(const std::string& name, std::string& value, const std::string& help,
           Need need = Need::optional);
  void add(const std::string& name, double& value, const std::string& help);
  void add(const std::string& name, std::uint64_t& value, const std::string& help);
  void add(const std::string& name, std::uint32_t& value, const std::string& help);
  void add(const std::string& name, int& value, const std::string& help);
  void add(const std::string& name, std::vector<std::string>& values, const std::string& help,
           Need need = Need::optional);
  void add_flag(const std::string& name, bool& value, const std::string& help);

  // What the command does once its options are read.
  void on_run(std::function<void()> run);

  // Of this command: its name with those above it ("rondo train lm"), its help in one paragraph and
  // in full, its options and the commands below it.
  std::string full_name() const;
  std::string summary() const;
  std::string help() const;
  std::vector<OptionText> options() const;
  std::vector<const Arguments*> commands() const;

  // Reads the line and runs the command. Returns the exit status of help (0) and of wrong usage
  // (1), which it has explained; lets exceptions of the command through.
  int parse(int argc, char** argv);

 private:
  struct Parser;
  explicit Arguments(std::unique_ptr<Parser> parser);
  bool known_command(const std::string& name) const;

  std::unique_ptr<Parser> parser_;
  std::vector<std::unique_ptr<Arguments>> commands_;
};

}  // namespace rondo::tool
