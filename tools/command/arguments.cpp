// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/arguments.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace rondo::tool {
namespace {

// Left to itself, CLI11 reads -1 as the greatest number there is.
std::string is_whole_number(const std::string& text) {
  const bool digits = !text.empty() && text.size() <= 10 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? "" : "expected a whole number from 0 to 9999999999, found " + text;
}

}  // namespace

struct Arguments::Parser {
  std::unique_ptr<CLI::App> own;  // of the program
  CLI::App* app;
};

Arguments::Arguments(const std::string& name, const std::string& help, const std::string& version)
    : parser_(std::make_unique<Parser>()) {
  parser_->own = std::make_unique<CLI::App>(help, name);
  parser_->app = parser_->own.get();
  parser_->app->set_version_flag("--version", version);
}

Arguments::Arguments(std::unique_ptr<Parser> parser) : parser_(std::move(parser)) {}

Arguments::~Arguments() = default;

Arguments& Arguments::command(const std::string& name, const std::string& help) {
  auto parser = std::make_unique<Parser>();
  parser->app = parser_->app->add_subcommand(name, help);
  parser_->app->require_subcommand(1);
  commands_.push_back(std::unique_ptr<Arguments>(new Arguments(std::move(parser))));
  return *commands_.back();
}

void Arguments::add(const std::string& name, std::string& value, const std::string& help,
                    Need need) {
  CLI::Option* const option = parser_->app->add_option(name, value, help);
  if (need == Need::required) option->required();
  if (!value.empty()) option->capture_default_str();
}

void Arguments::add(const std::string& name, double& value, const std::string& help) {
  parser_->app->add_option(name, value, help)->capture_default_str();
}

void Arguments::add(const std::string& name, std::uint64_t& value, const std::string& help) {
  parser_->app->add_option(name, value, help)->capture_default_str()->check(is_whole_number);
}

void Arguments::add(const std::string& name, std::uint32_t& value, const std::string& help) {
  parser_->app->add_option(name, value, help)->capture_default_str()->check(is_whole_number);
}

void Arguments::add(const std::string& name, int& value, const std::string& help) {
  parser_->app->add_option(name, value, help)->capture_default_str();
}

void Arguments::add(const std::string& name, std::vector<std::string>& values,
                    const std::string& help, Need need) {
  parser_->app->add_option(name, values, help)->required(need == Need::required);
}

void Arguments::add_flag(const std::string& name, bool& value, const std::string& help) {
  parser_->app->add_flag(name, value, help);
}

void Arguments::on_run(std::function<void()> run) {
  parser_->app->callback(std::move(run));
}

bool Arguments::known_command(const std::string& name) const {
  return std::any_of(commands_.begin(), commands_.end(),
                     [&](const auto& c) { return c->parser_->app->get_name() == name; });
}

int Arguments::parse(int argc, char** argv) {
  try {
    // CLI11 would only say that a command is missing.
    if (argc > 1 && argv[1][0] != '-' && !known_command(argv[1])) throw CLI::ExtrasError({argv[1]});
    parser_->app->parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& error) {
    return parser_->app->exit(error) == 0 ? 0 : 1;
  }
}

}  // namespace rondo::tool
