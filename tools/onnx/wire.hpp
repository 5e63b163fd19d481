// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Protocol Buffers on the wire, as much of them as ONNX needs: fields out of bytes and into bytes.
// Own code and not libprotobuf: ten message types are all that is read, a library would bring a
// compiler, generated sources and megabytes for them, and this much can be fuzzed as a whole.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::tool {

using Bytes = std::span<const std::uint8_t>;

// The numbers are those of the format; groups (3 and 4) died with its second version.
enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::varint;
  std::uint64_t value = 0;  // of numbers: the bits
  Bytes bytes;              // of WireType::bytes, a view into the file

  std::int64_t integer() const { return static_cast<std::int64_t>(value); }
  float real() const;
  std::string text() const { return {bytes.begin(), bytes.end()}; }
};

// Walks through the fields of one message. Nothing here recurses: a message inside is bytes.
class WireReader {
 public:
  WireReader(Bytes message, const std::string& place) : rest_(message), place_(place) {}

  // False at the end. Throws Error naming `place` where the bytes are no message, or end early.
  bool next(WireField& field);

 private:
  std::uint64_t varint();
  Bytes take(std::uint64_t size);
  std::uint64_t fixed(std::size_t size);

  Bytes rest_;
  const std::string& place_;
};

// Adds the numbers of a repeated field, packed or one by one.
void add_integers(const WireField& field, const std::string& place, std::vector<std::int64_t>& to);
void add_floats(const WireField& field, const std::string& place, std::vector<float>& to);
void add_doubles(const WireField& field, const std::string& place, std::vector<float>& to);

// A message while it grows.
class WireWriter {
 public:
  void integer(std::uint32_t number, std::int64_t value);
  void real(std::uint32_t number, float value);
  void text(std::uint32_t number, std::string_view value);
  void bytes(std::uint32_t number, Bytes value);
  void message(std::uint32_t number, const WireWriter& inner) { bytes(number, inner.bytes_); }
  // Fields of the same message.
  void append(const WireWriter& more) {
    bytes_.insert(bytes_.end(), more.bytes_.begin(), more.bytes_.end());
  }
  const std::vector<std::uint8_t>& data() const { return bytes_; }

 private:
  void varint(std::uint64_t value);
  void key(std::uint32_t number, WireType type);

  std::vector<std::uint8_t> bytes_;
};

}  // namespace rondo::tool
