// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo.h: saved states.
#include "model/c_stream.hpp"

size_t rondo_save_bytes(const RondoStream* stream) {
  return stream->stream.save_bytes();
}

RondoStatus rondo_save(const RondoStream* stream, void* blob, size_t bytes) {
  return static_cast<RondoStatus>(stream->stream.save({static_cast<uint8_t*>(blob), bytes}));
}

RondoStatus rondo_restore(RondoStream* stream, const void* blob, size_t bytes) {
  return static_cast<RondoStatus>(
      stream->stream.restore({static_cast<const uint8_t*>(blob), bytes}));
}
