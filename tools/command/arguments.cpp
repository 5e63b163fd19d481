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

std::string Arguments::full_name() const {
  std::string name = parser_->app->get_name();
  for (const CLI::App* above = parser_->app->get_parent(); above != nullptr;
       above = above->get_parent()) {
    name.insert(0, above->get_name() + " ");
  }
  return name;
}

std::string Arguments::summary() const {
  return parser_->app->get_description();
}

std::string Arguments::help() const {
  const std::string name = full_name();
  const std::size_t end = name.rfind(' ');
  return parser_->app->help(end == std::string::npos ? "" : name.substr(0, end));
}

std::vector<OptionText> Arguments::options() const {
  std::vector<OptionText> list;
  for (const CLI::Option* option : parser_->app->get_options()) {
    std::string value = option->get_type_size() == 0 ? "" : option->get_type_name();
    list.push_back({option->get_name(), std::move(value), option->get_default_str(),
                    option->get_description(), option->get_required(), option->get_positional()});
  }
  return list;
}

std::vector<const Arguments*> Arguments::commands() const {
  std::vector<const Arguments*> list;
  list.reserve(commands_.size());
  for (const auto& command : commands_) list.push_back(command.get());
  return list;
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
