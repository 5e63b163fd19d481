// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The state of a Stream as bytes, the same on every kernel set, packing and machine.
#include <string.h>

#include <rondo/numeric.hpp>
#include <rondo/stream.hpp>

namespace rondo {
namespace {

struct BlobHeader {
  uint32_t magic;
  uint32_t version;
  uint32_t model_id;
  uint32_t bytes;
};
constexpr uint32_t k_blob_magic = 0x53444E52;  // "RNDS"

// Calls take(part, where it is in the state of the stream) for each piece, in the order of a blob.
template <class Take>
void each_part(const Model& model, Take take) noexcept {
  for (size_t i = 0; i < model.layers(); ++i) {
    if (model.cell(i).parts == nullptr) continue;
    StatePart parts[k_most_parts];
    const uint32_t count = model.cell(i).parts(model.record(i), model.packing(), parts);
    for (uint32_t p = 0; p < count; ++p) take(parts[p], model.record(i).state + parts[p].offset);
  }
}

}  // namespace

size_t Stream::save_bytes() const noexcept {
  size_t bytes = sizeof(BlobHeader);
  each_part(*model_, [&](const StatePart& part, size_t) { bytes += part.bytes; });
  return bytes;
}

Status Stream::save(View<uint8_t> blob) const noexcept {
  if (!bound()) return Status::not_loaded;
  const size_t bytes = save_bytes();
  if (blob.size() < bytes) return Status::bad_state;
  const BlobHeader header = {k_blob_magic, k_format_version, model_->model_id(),
                             static_cast<uint32_t>(bytes)};
  memcpy(blob.data(), &header, sizeof header);
  uint8_t* to = blob.data() + sizeof header;
  each_part(*model_, [&](const StatePart& part, size_t at) {
    memcpy(to, state_ + at, part.bytes);
    to += part.bytes;
  });
  return Status::ok;
}

Status Stream::restore(View<const uint8_t> blob) noexcept {
  if (!bound()) return Status::not_loaded;
  BlobHeader header;
  if (blob.size() < sizeof header) return Status::bad_state;
  memcpy(&header, blob.data(), sizeof header);
  if (header.magic != k_blob_magic || header.version != k_format_version) return Status::bad_state;
  if (header.model_id != model_->model_id()) return Status::wrong_model;
  if (header.bytes != save_bytes() || header.bytes > blob.size()) return Status::bad_state;
  const uint8_t* from = blob.data() + sizeof header;
  each_part(*model_, [&](const StatePart& part, size_t at) {
    memcpy(state_ + at, from, part.bytes);
    from += part.bytes;
    if (part.limit == 0) return;
    int32_t* const numbers = static_cast<int32_t*>(static_cast<void*>(state_ + at));
    for (uint32_t i = 0; i < part.bytes / 4; ++i) {
      numbers[i] = clamp(numbers[i], -part.limit, part.limit);
    }
  });
  return Status::ok;
}

}  // namespace rondo
