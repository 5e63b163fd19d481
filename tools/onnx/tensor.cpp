// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "onnx/tensor.hpp"

#include <bit>
#include <cmath>

#include "base/error.hpp"
#include "onnx/operands.hpp"

namespace rondo::tool {
namespace {

// The fields of a TensorProto as they stand in the file.
struct Stored {
  std::string name;
  std::vector<std::int64_t> dims;
  std::int64_t type = 0;
  std::vector<float> reals;            // float_data, double_data
  std::vector<std::int64_t> integers;  // int32_data, int64_data, uint64_data
  std::optional<Bytes> raw;
  bool elsewhere = false;
};

// IEEE 754 half: 1 sign, 5 exponent (bias 15), 10 fraction.
float from_half(std::uint32_t bits) {
  const std::uint32_t exponent = bits >> 10 & 31;
  const auto fraction = static_cast<float>(bits & 1023);
  float value = exponent == 0 ? std::ldexp(fraction, -24)
                              : std::ldexp(fraction + 1024, static_cast<int>(exponent) - 25);
  if (exponent == 31) value = fraction == 0 ? HUGE_VALF : NAN;
  return (bits & 0x8000) != 0 ? -value : value;
}

// The upper half of a float.
float from_bfloat(std::uint32_t bits) {
  return std::bit_cast<float>(bits << 16);
}

std::size_t bytes_of(ElementType type) {
  switch (type) {
    case ElementType::u8:
    case ElementType::s8:
    case ElementType::boolean:
      return 1;
    case ElementType::u16:
    case ElementType::s16:
    case ElementType::f16:
    case ElementType::bf16:
      return 2;
    case ElementType::f32:
    case ElementType::s32:
    case ElementType::u32:
      return 4;
    case ElementType::f64:
    case ElementType::s64:
    case ElementType::u64:
      return 8;
  }
  return 0;
}

std::uint64_t element_at(Bytes raw, std::size_t index, std::size_t width) {
  std::uint64_t bits = 0;
  for (std::size_t k = width; k-- > 0;) bits = bits << 8 | raw[index * width + k];
  return bits;
}

float real_from(ElementType type, std::uint64_t bits) {
  const auto low = static_cast<std::uint32_t>(bits);
  if (type == ElementType::f64) return static_cast<float>(std::bit_cast<double>(bits));
  if (type == ElementType::f16) return from_half(low);
  if (type == ElementType::bf16) return from_bfloat(low);
  return std::bit_cast<float>(low);
}

std::int64_t integer_from(ElementType type, std::uint64_t bits) {
  if (type == ElementType::s8) return static_cast<std::int8_t>(bits);
  if (type == ElementType::s16) return static_cast<std::int16_t>(bits);
  if (type == ElementType::s32) return static_cast<std::int32_t>(bits);
  return static_cast<std::int64_t>(bits);
}

Stored read_fields(Bytes message, const std::string& place) {
  Stored stored;
  WireReader reader(message, place);
  for (WireField field; reader.next(field);) {
    switch (field.number) {
      case 1:
        add_integers(field, place, stored.dims);
        break;
      case 2:
        stored.type = field.integer();
        break;
      case 4:
        add_floats(field, place, stored.reals);
        break;
      case 5:
      case 7:
      case 11:
        add_integers(field, place, stored.integers);
        break;
      case 8:
        stored.name = field.text();
        break;
      case 9:
        stored.raw = field.bytes;
        break;
      case 10:
        add_doubles(field, place, stored.reals);
        break;
      case 13:
        stored.elsewhere = true;
        break;
      case 14:
        stored.elsewhere = stored.elsewhere || field.value == 1;
        break;
      default:
        break;
    }
  }
  return stored;
}

void decode(const Stored& stored, ElementType type, Constant& constant) {
  const std::size_t width = bytes_of(type);
  if (!stored.raw) {
    // Halves stand in int32_data, by their bits.
    if (type == ElementType::f16 || type == ElementType::bf16) {
      for (const std::int64_t bits : stored.integers) {
        constant.reals.push_back(real_from(type, static_cast<std::uint64_t>(bits)));
      }
    } else if (constant.real) {
      constant.reals = stored.reals;
    } else {
      for (const std::int64_t value : stored.integers) constant.wholes.push_back({value});
    }
    return;
  }
  for (std::size_t i = 0; i < stored.raw->size() / width; ++i) {
    const std::uint64_t bits = element_at(*stored.raw, i, width);
    if (constant.real) {
      constant.reals.push_back(real_from(type, bits));
    } else {
      constant.wholes.push_back({integer_from(type, bits)});
    }
  }
}

}  // namespace

std::pair<std::string, ConstantPointer> read_tensor(Bytes message, const std::string& place) {
  Stored stored = read_fields(message, place);
  auto constant = std::make_shared<Constant>();
  constant->dims = stored.dims;
  constant->real = is_real(stored.type);
  const auto type = static_cast<ElementType>(stored.type);
  if (stored.elsewhere) {
    constant->unreadable = "its data stands in another file";
    return {stored.name, constant};
  }
  if (stored.type < 1 || stored.type > 16 || bytes_of(type) == 0) {
    constant->unreadable = "its element type " + std::to_string(stored.type) + " is not a number";
    return {stored.name, constant};
  }
  decode(stored, type, *constant);
  // No tensor can have more elements than the file has bytes.
  const auto elements = elements_of(stored.dims, message.size());
  const bool cut = stored.raw && stored.raw->size() % bytes_of(type) != 0;
  if (!elements || *elements != constant->size() || cut) {
    throw Error(
        place, "tensor \"" + shown(stored.name) + "\" does not have as much data as its shape says",
        "the file is damaged; export it again");
  }
  return {stored.name, constant};
}

}  // namespace rondo::tool
