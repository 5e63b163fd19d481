// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Why something could not be done. Only load and bind, save and restore return one: a step cannot
// fail.
#pragma once
#include <stdint.h>

namespace rondo {

enum class Status : uint8_t {
  ok = 0,
  image_misaligned,     // the image does not start at a multiple of 4
  image_truncated,      // fewer bytes given than the header asks for
  bad_magic,            // these bytes are not a rondo image
  unsupported_version,  // the image has another format version than this build
  crc_mismatch,         // the image was damaged
  bad_layout,           // an offset, a shape or a reserved field of the image is wrong
  bad_numbers,          // a weight, shift, multiplier or bias breaks the promises of numeric.hpp
  wrong_packing,        // weights packed for another kind of core: export again with its --target
  cell_not_linked,      // the list of cells given to load lacks one that the image needs; a bundle:
                        // or its runtime was made for another kind of model (features.hpp)
  arena_too_small,      // ask Model::measure how many bytes the image needs
  isa_not_available,    // this CPU or this build lacks the kernel set asked for
  wrong_model,          // a saved state of another model
  bad_state,            // a saved state of the wrong size or format
  not_loaded,           // the Model was not loaded, or the Stream not bound
};

// The enumerator's name, such as "arena_too_small"; "unknown" for a value outside the list.
const char* name_of(Status status) noexcept;

}  // namespace rondo
