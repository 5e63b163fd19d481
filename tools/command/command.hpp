// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The subcommands of `rondo`, one file each, and what they share. main.cpp calls the add_ functions
// and catches what they throw.
#pragma once
#include <cstdint>
#include <cstdio>
#include <string>

#include <nlohmann/json.hpp>

#include "command/arguments.hpp"

namespace rondo::tool {

// Where a command's results go: text for people, or with --json exactly one object, on standard
// output. Progress goes to standard error and is not its business.
class Console {
  // A path need not be UTF-8; JSON must be.
  static constexpr auto k_replace = nlohmann::json::error_handler_t::replace;

 public:
  bool json = false;

  void say(const std::string& text) const {
    if (!json) std::fputs((text + "\n").c_str(), stdout);
  }
  void result(const nlohmann::json& object) const {
    if (json) std::fputs((object.dump(2, ' ', false, k_replace) + "\n").c_str(), stdout);
  }
};

void add_train(Arguments& program, Console& console);
void add_eval(Arguments& program, Console& console);
void add_quantize(Arguments& program, Console& console);
void add_generate(Arguments& program, Console& console);
void add_predict(Arguments& program, Console& console);
void add_export(Arguments& program, Console& console);
void add_import(Arguments& program, Console& console);
void add_inspect(Arguments& program, Console& console);
void add_report(Arguments& program, Console& console);
void add_sweep(Arguments& program, Console& console);
void add_help(Arguments& program, const Console& console, const std::string& version);

// The option every command has.
void add_json_option(Arguments& command, Console& console);

// printf into a string: the tables of the commands.
[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...);

// 12,345
std::string grouped(std::uint64_t number);

}  // namespace rondo::tool
