// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Lines of a file of the machine that runs the emulator, by semihosting: what the demo gets to
// read. The file is the first argument of the image (qemu-m.sh MACHINE IMAGE FILE).
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "semihost.hpp"

namespace rondo::firmware {

// Operation numbers: "Semihosting for AArch32 and AArch64", Arm.
constexpr int k_sys_open = 0x01;
constexpr int k_sys_read = 0x06;
constexpr int k_sys_get_cmdline = 0x15;
constexpr uintptr_t k_mode_rb = 1;

class HostFile {
 public:
  // Opens the file named behind the first blank of the command line.
  bool open_argument() noexcept {
    char line[256];
    uintptr_t request[2] = {reinterpret_cast<uintptr_t>(line), sizeof line};
    if (semihost(k_sys_get_cmdline, request) != 0) return false;
    const char* name = line;
    while (*name != '\0' && *name != ' ') ++name;
    if (*name == '\0') return false;
    ++name;
    size_t length = 0;
    while (name[length] != '\0') ++length;
    const uintptr_t what[3] = {reinterpret_cast<uintptr_t>(name), k_mode_rb, length};
    handle_ = semihost(k_sys_open, what);
    return handle_ >= 0;
  }

  // The next line without its end, cut at size - 1 bytes; false at the end of the file.
  bool read_line(char* text, size_t size) noexcept {
    size_t length = 0;
    int byte = next();
    if (byte < 0) return false;
    for (; byte >= 0 && byte != '\n'; byte = next()) {
      if (length + 1 < size) text[length++] = static_cast<char>(byte);
    }
    text[length] = '\0';
    return true;
  }

 private:
  int next() noexcept {
    if (at_ == filled_) {
      const uintptr_t what[3] = {static_cast<uintptr_t>(handle_),
                                 reinterpret_cast<uintptr_t>(buffer_), sizeof buffer_};
      const size_t missing = static_cast<size_t>(semihost(k_sys_read, what));
      if (missing >= sizeof buffer_) return -1;
      filled_ = sizeof buffer_ - missing;
      at_ = 0;
    }
    return static_cast<unsigned char>(buffer_[at_++]);
  }

  int handle_ = -1;
  size_t at_ = 0;
  size_t filled_ = 0;
  char buffer_[512];
};

}  // namespace rondo::firmware
