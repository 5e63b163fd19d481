// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The `rondo` command. Exit status: 0 good, 1 bad input or usage, 2 a fault of rondo itself, 130
// interrupted by Ctrl-C.
#include <cstdio>
#include <exception>
#include <new>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "command/command.hpp"

int main(int argc, char** argv) {
  using namespace rondo::tool;
  Arguments program(
      "rondo",
      "rondo trains small recurrent networks in float, quantizes them to int8, and puts them into "
      "firmware.\nThe usual way: train, eval, quantize, export. `rondo help COMMAND` explains one.",
      RONDO_VERSION);
  Console console;
  add_train(program, console);
  add_eval(program, console);
  add_quantize(program, console);
  add_predict(program, console);
  add_generate(program, console);
  add_export(program, console);
  add_import(program, console);
  add_inspect(program, console);
  add_report(program, console);
  add_sweep(program, console);
  add_help(program, console, RONDO_VERSION);
  try {
    const int status = program.parse(argc, argv);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      throw Error("standard output", "cannot be written to", "is the disk full?");
    }
    return status;
  } catch (const Error& error) {
    std::fprintf(stderr, "rondo: %s\n", error.what());
    return 1;
  } catch (const Interrupted& interrupted) {
    std::fprintf(stderr, "rondo: %s\n", interrupted.what());
    return interrupted.status();
  } catch (const std::bad_alloc&) {
    std::fputs("rondo: not enough memory for a model of this size\n", stderr);
    return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rondo: internal fault: %s\nThis is a bug of rondo: please report it.\n",
                 error.what());
    return 2;
  }
}
