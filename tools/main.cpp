// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The `rondo` command. Exit status: 0 good, 1 bad input or usage, 2 a fault of rondo itself.
#include <cstdio>
#include <exception>

#include "base/error.hpp"
#include "command/command.hpp"

int main(int argc, char** argv) {
  using namespace rondo::tool;
  CLI::App app(
      "rondo trains small recurrent networks in float, quantizes them to int8, and puts them into "
      "firmware.\nThe usual way: train, eval, quantize, export. `rondo COMMAND --help` explains "
      "one.");
  app.name("rondo");
  app.set_version_flag("--version", RONDO_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  Console console;
  add_train(app, console);
  add_eval(app, console);
  add_quantize(app, console);
  add_predict(app, console);
  add_export(app, console);
  add_inspect(app, console);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  } catch (const Error& error) {
    std::fprintf(stderr, "rondo: %s\n", error.what());
    return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rondo: internal fault: %s\nThis is a bug of rondo: please report it.\n",
                 error.what());
    return 2;
  }
}
