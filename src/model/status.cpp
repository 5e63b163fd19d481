// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The names of the Status values.
#include <rondo/status.hpp>

namespace rondo {

const char* name_of(Status status) noexcept {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::image_misaligned:
      return "image_misaligned";
    case Status::image_truncated:
      return "image_truncated";
    case Status::bad_magic:
      return "bad_magic";
    case Status::unsupported_version:
      return "unsupported_version";
    case Status::crc_mismatch:
      return "crc_mismatch";
    case Status::bad_layout:
      return "bad_layout";
    case Status::bad_numbers:
      return "bad_numbers";
    case Status::wrong_packing:
      return "wrong_packing";
    case Status::cell_not_linked:
      return "cell_not_linked";
    case Status::arena_too_small:
      return "arena_too_small";
    case Status::isa_not_available:
      return "isa_not_available";
    case Status::wrong_model:
      return "wrong_model";
    case Status::bad_state:
      return "bad_state";
    case Status::not_loaded:
      return "not_loaded";
  }
  return "unknown";
}

}  // namespace rondo
