// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See wire.hpp. Every length is compared with what is left before it is believed.
#include "onnx/wire.hpp"

#include <bit>

#include "base/error.hpp"

namespace rondo::tool {
namespace {

[[noreturn]] void refuse(const std::string& place, const std::string& what) {
  throw Error(place, "is damaged or not an ONNX file: " + what,
              "expected a ModelProto, as torch.onnx.export and onnx.save write it");
}

[[noreturn]] void refuse_type(const WireField& field, const std::string& place) {
  refuse(place, "field " + std::to_string(field.number) + " has another type than ONNX gives it");
}

std::uint64_t little_endian(Bytes bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

float WireField::real() const {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value));
}

std::uint64_t WireReader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) refuse(place_, "it ends within a number");
    const std::uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  refuse(place_, "a number has more than 64 bits");
}

Bytes WireReader::take(std::uint64_t size) {
  if (size > rest_.size()) {
    refuse(place_, "a field claims " + std::to_string(size) + " bytes where " +
                       std::to_string(rest_.size()) + " are left");
  }
  const Bytes taken = rest_.first(static_cast<std::size_t>(size));
  rest_ = rest_.subspan(taken.size());
  return taken;
}

std::uint64_t WireReader::fixed(std::size_t size) {
  return little_endian(take(size));
}

bool WireReader::next(WireField& field) {
  if (rest_.empty()) return false;
  const std::uint64_t key = varint();
  field.number = static_cast<std::uint32_t>(key >> 3);
  if (field.number == 0 || key >> 3 > 0x1FFFFFFF)
    refuse(place_, "a field has an impossible number");
  field.type = static_cast<WireType>(key & 7);
  field.value = 0;
  field.bytes = {};
  switch (field.type) {
    case WireType::varint:
      field.value = varint();
      return true;
    case WireType::fixed64:
      field.value = fixed(8);
      return true;
    case WireType::fixed32:
      field.value = fixed(4);
      return true;
    case WireType::bytes:
      field.bytes = take(varint());
      return true;
  }
  refuse(place_, "a field has the unknown type " + std::to_string(key & 7));
}

void add_integers(const WireField& field, const std::string& place, std::vector<std::int64_t>& to) {
  if (field.type == WireType::varint) {
    to.push_back(field.integer());
    return;
  }
  if (field.type != WireType::bytes) refuse_type(field, place);
  for (std::size_t at = 0; at < field.bytes.size();) {
    std::uint64_t value = 0;
    int shift = 0;
    for (bool more = true; more; shift += 7) {
      if (at == field.bytes.size() || shift > 63) refuse(place, "a list ends within a number");
      const std::uint8_t byte = field.bytes[at++];
      value |= std::uint64_t{byte & 0x7FU} << shift;
      more = (byte & 0x80U) != 0;
    }
    to.push_back(static_cast<std::int64_t>(value));
  }
}

void add_floats(const WireField& field, const std::string& place, std::vector<float>& to) {
  if (field.type == WireType::fixed32) {
    to.push_back(field.real());
    return;
  }
  if (field.type != WireType::bytes || field.bytes.size() % 4 != 0) refuse_type(field, place);
  for (std::size_t at = 0; at < field.bytes.size(); at += 4) {
    const auto bits = static_cast<std::uint32_t>(little_endian(field.bytes.subspan(at, 4)));
    to.push_back(std::bit_cast<float>(bits));
  }
}

void add_doubles(const WireField& field, const std::string& place, std::vector<float>& to) {
  if (field.type == WireType::fixed64) {
    to.push_back(static_cast<float>(std::bit_cast<double>(field.value)));
    return;
  }
  if (field.type != WireType::bytes || field.bytes.size() % 8 != 0) refuse_type(field, place);
  for (std::size_t at = 0; at < field.bytes.size(); at += 8) {
    const std::uint64_t bits = little_endian(field.bytes.subspan(at, 8));
    to.push_back(static_cast<float>(std::bit_cast<double>(bits)));
  }
}

void WireWriter::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) {
    bytes_.push_back(static_cast<std::uint8_t>((value & 0x7F) | 0x80));
  }
  bytes_.push_back(static_cast<std::uint8_t>(value));
}

void WireWriter::key(std::uint32_t number, WireType type) {
  varint(std::uint64_t{number} << 3 | static_cast<std::uint8_t>(type));
}

void WireWriter::integer(std::uint32_t number, std::int64_t value) {
  key(number, WireType::varint);
  varint(static_cast<std::uint64_t>(value));
}

void WireWriter::real(std::uint32_t number, float value) {
  key(number, WireType::fixed32);
  auto bits = std::bit_cast<std::uint32_t>(value);
  for (int i = 0; i < 4; ++i, bits >>= 8) bytes_.push_back(static_cast<std::uint8_t>(bits));
}

void WireWriter::text(std::uint32_t number, std::string_view value) {
  key(number, WireType::bytes);
  varint(value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

void WireWriter::bytes(std::uint32_t number, Bytes value) {
  key(number, WireType::bytes);
  varint(value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

}  // namespace rondo::tool
