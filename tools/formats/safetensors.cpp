// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See safetensors.hpp. The rules are those of the format's own description: the data of the tensors
// covers the rest of the file without holes or overlaps, no name twice, header at most 100 MB.
#include "formats/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"

namespace rondo::tool {
namespace {

static_assert(std::endian::native == std::endian::little, "values are copied, not swapped");

using Json = nlohmann::json;

constexpr std::size_t k_length_bytes = 8;
constexpr std::uint64_t k_longest_header = 100'000'000;
constexpr const char* k_metadata = "__metadata__";
constexpr const char* k_cut_short = "the file is cut short or is not a .safetensors file";

struct Entry {
  std::string name;
  std::string dtype;
  std::vector<std::size_t> shape;
  std::size_t begin = 0, end = 0;  // in the data part
};

[[noreturn]] void fail(const std::string& place, const std::string& name,
                       const std::string& problem, const std::string& hint = {}) {
  throw Error(place, "tensor '" + name + "': " + problem, hint);
}

// The JSON library keeps the last of two equal keys; a file that has both is refused.
Json parse_header(std::string_view text, const std::string& place) {
  std::vector<std::set<std::string>> open;  // the keys seen in each object that is not yet closed
  const auto watch = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) {
      open.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      open.pop_back();
    } else if (event == Json::parse_event_t::key) {
      const std::string& key = value.get_ref<const std::string&>();
      if (!open.back().insert(key).second) {
        throw Error(place, "the name '" + key + "' stands twice in the header");
      }
    }
    return true;
  };
  try {
    Json header = Json::parse(text, watch);
    if (!header.is_object()) throw Error(place, "the header is not a JSON object");
    return header;
  } catch (const Json::exception& e) {
    throw Error(place, std::string("the header is not valid JSON: ") + e.what());
  }
}

std::size_t count_in(const Json& value, const Entry& entry, const char* what,
                     const std::string& place) {
  if (!value.is_number_unsigned()) {
    fail(place, entry.name, std::string(what) + " holds " + value.dump() + ", expected a count");
  }
  return value.get<std::size_t>();
}

const Json& field_of(const Json& value, const Entry& entry, const char* field, bool right_type,
                     const std::string& place) {
  if (!right_type) fail(place, entry.name, std::string("has no usable field '") + field + "'");
  return value.at(field);
}

bool has(const Json& value, const char* field, Json::value_t type) {
  return value.is_object() && value.contains(field) && value.at(field).type() == type;
}

Entry entry_of(const std::string& name, const Json& value, const std::string& place) {
  Entry entry{name, {}, {}, 0, 0};
  entry.dtype = field_of(value, entry, "dtype", has(value, "dtype", Json::value_t::string), place)
                    .get<std::string>();
  const bool has_shape = has(value, "shape", Json::value_t::array);
  for (const Json& extent : field_of(value, entry, "shape", has_shape, place)) {
    entry.shape.push_back(count_in(extent, entry, "shape", place));
  }
  const bool has_offsets =
      has(value, "data_offsets", Json::value_t::array) && value.at("data_offsets").size() == 2;
  const Json& offsets = field_of(value, entry, "data_offsets", has_offsets, place);
  entry.begin = count_in(offsets[0], entry, "data_offsets", place);
  entry.end = count_in(offsets[1], entry, "data_offsets", place);
  return entry;
}

std::map<std::string, std::string> metadata_of(const Json& value, const std::string& place) {
  if (!value.is_object()) throw Error(place, "__metadata__ is not a map of strings");
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) throw Error(place, "__metadata__ '" + key + "' is not a string");
    metadata.emplace(key, text.get<std::string>());
  }
  return metadata;
}

// The product of the shape, or false where it does not fit.
bool elements_of(std::span<const std::size_t> shape, std::size_t& elements) {
  elements = 1;
  for (const std::size_t extent : shape) {
    if (__builtin_mul_overflow(elements, extent, &elements)) return false;
  }
  return true;
}

template <class T>
std::vector<T> values_of(std::span<const std::uint8_t> bytes, const Entry& entry,
                         const std::string& place) {
  std::size_t elements = 0;
  std::size_t size = 0;
  if (!elements_of(entry.shape, elements) || __builtin_mul_overflow(elements, sizeof(T), &size) ||
      size != bytes.size()) {
    fail(place, entry.name,
         "shape " + shape_text(entry.shape) + " of " + entry.dtype + " does not fill its " +
             std::to_string(bytes.size()) + " bytes");
  }
  std::vector<T> values(elements);
  if (size > 0) std::memcpy(values.data(), bytes.data(), size);
  return values;
}

// IEEE half: 1 sign, 5 exponent, 10 fraction bits; 2^-24 is the step of those below 2^-14.
float float_of_half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 31) return sign * (fraction != 0 ? NAN : INFINITY);
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  return sign * std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
}

// The upper half of a float.
float float_of_bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

std::vector<float> widened(const std::vector<std::uint16_t>& narrow,
                           float (*widen)(std::uint16_t)) {
  std::vector<float> values;
  values.reserve(narrow.size());
  for (const std::uint16_t bits : narrow) values.push_back(widen(bits));
  return values;
}

Values read_values(std::span<const std::uint8_t> bytes, const Entry& entry,
                   const std::string& place) {
  if (entry.dtype == "F32") return values_of<float>(bytes, entry, place);
  if (entry.dtype == "F64") return values_of<double>(bytes, entry, place);
  if (entry.dtype == "I64") return values_of<std::int64_t>(bytes, entry, place);
  if (entry.dtype == "F16") {
    return widened(values_of<std::uint16_t>(bytes, entry, place), float_of_half);
  }
  if (entry.dtype == "BF16") {
    return widened(values_of<std::uint16_t>(bytes, entry, place), float_of_bfloat);
  }
  fail(place, entry.name, "has dtype " + entry.dtype + ", expected F32, F16, BF16, F64 or I64",
       "convert it to float32 where the file is made");
}

// Sorted by place, each must begin where the one before ended, and the last must end the file.
void require_cover(std::vector<Entry>& entries, std::size_t size, const std::string& place) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  std::size_t reached = 0;
  for (const Entry& entry : entries) {
    if (entry.begin > entry.end || entry.end > size) {
      fail(place, entry.name,
           "data_offsets " + std::to_string(entry.begin) + " to " + std::to_string(entry.end) +
               " do not lie in the " + std::to_string(size) + " bytes of data",
           k_cut_short);
    }
    if (entry.begin != reached) {
      fail(place, entry.name,
           "its data begins at " + std::to_string(entry.begin) + ", expected " +
               std::to_string(reached) + ": data may have no holes and no overlaps");
    }
    reached = entry.end;
  }
  if (reached != size) {
    throw Error(place, "the tensors end at " + std::to_string(reached) + ", the data at " +
                           std::to_string(size));
  }
}

template <class T>
std::size_t first_not_finite(const std::vector<T>& values) {
  std::size_t i = 0;
  if constexpr (std::is_floating_point_v<T>) {
    while (i < values.size() && std::isfinite(values[i])) ++i;
    return i;
  } else {
    return values.size();
  }
}

const char* dtype_of(const Values& values) {
  constexpr const char* k_names[] = {"F32", "F64", "I64"};  // in the order of the variant
  return k_names[values.index()];
}

std::span<const std::uint8_t> bytes_of(const Values& values) {
  return std::visit(
      [](const auto& v) {
        return std::span(reinterpret_cast<const std::uint8_t*>(v.data()), v.size() * sizeof(v[0]));
      },
      values);
}

// Ordered, so that the header lists the tensors as they follow one another in the data.
std::string header_text(const TensorFile& file, const std::string& place) {
  nlohmann::ordered_json header;
  header[k_metadata] = file.metadata;
  std::size_t begin = 0;
  for (const Tensor& tensor : file.tensors) {
    if (header.contains(tensor.name)) fail(place, tensor.name, "a name may be used only once");
    const std::size_t size = bytes_of(tensor.values).size();
    std::size_t elements = 0;
    const std::size_t held = std::visit([](const auto& v) { return v.size(); }, tensor.values);
    if (!elements_of(tensor.shape, elements) || elements != held) {
      fail(place, tensor.name,
           "shape " + shape_text(tensor.shape) + " with " + std::to_string(held) + " values");
    }
    nlohmann::ordered_json entry;
    entry["dtype"] = dtype_of(tensor.values);
    entry["shape"] = tensor.shape;
    entry["data_offsets"] = {begin, begin + size};
    header[tensor.name] = std::move(entry);
    begin += size;
  }
  std::string text;
  try {
    text = header.dump(-1, ' ', true);
  } catch (const Json::exception& e) {
    throw Error(place, std::string("a name or a metadata text is not UTF-8: ") + e.what());
  }
  text.append((k_length_bytes - text.size() % k_length_bytes) % k_length_bytes, ' ');
  return text;
}

}  // namespace

TensorFile parse_safetensors(std::span<const std::uint8_t> bytes, const std::string& place) {
  std::uint64_t length = 0;
  if (bytes.size() < k_length_bytes) throw Error(place, "has no header", k_cut_short);
  std::memcpy(&length, bytes.data(), k_length_bytes);
  bytes = bytes.subspan(k_length_bytes);
  if (length > k_longest_header || length > bytes.size()) {
    throw Error(place,
                "the header claims " + std::to_string(length) + " bytes, expected at most " +
                    std::to_string(std::min<std::uint64_t>(k_longest_header, bytes.size())),
                k_cut_short);
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), length);
  bytes = bytes.subspan(length);

  TensorFile file;
  std::vector<Entry> entries;
  const Json header = parse_header(text, place);
  for (const auto& [name, value] : header.items()) {
    if (name == k_metadata) {
      file.metadata = metadata_of(value, place);
    } else {
      entries.push_back(entry_of(name, value, place));
    }
  }
  require_cover(entries, bytes.size(), place);
  for (const Entry& entry : entries) {
    const auto part = bytes.subspan(entry.begin, entry.end - entry.begin);
    file.tensors.push_back({entry.name, entry.shape, read_values(part, entry, place)});
  }
  return file;
}

TensorFile read_safetensors(const std::filesystem::path& path) {
  return parse_safetensors(read_bytes(path), path.string());
}

std::vector<std::uint8_t> format_safetensors(const TensorFile& file, const std::string& place) {
  const std::string header = header_text(file, place);
  const std::uint64_t length = header.size();
  std::size_t size = k_length_bytes + header.size();
  for (const Tensor& tensor : file.tensors) size += bytes_of(tensor.values).size();
  std::vector<std::uint8_t> bytes(size);
  std::memcpy(bytes.data(), &length, k_length_bytes);
  auto to = std::copy(header.begin(), header.end(), bytes.begin() + k_length_bytes);
  for (const Tensor& tensor : file.tensors) {
    to = std::ranges::copy(bytes_of(tensor.values), to).out;
  }
  return bytes;
}

void write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  write_whole(path, format_safetensors(file, path.string()));
}

const Tensor& find_tensor(const TensorFile& file, std::string_view name, const std::string& place) {
  for (const Tensor& tensor : file.tensors) {
    if (tensor.name == name) return tensor;
  }
  throw Error(place, "has no tensor '" + std::string(name) + "'");
}

const std::vector<float>& floats_of(const Tensor& tensor, std::span<const std::size_t> shape,
                                    const std::string& place) {
  const auto* values = std::get_if<std::vector<float>>(&tensor.values);
  if (values == nullptr || !std::ranges::equal(tensor.shape, shape)) {
    fail(place, tensor.name,
         std::string("is ") + dtype_of(tensor.values) + " " + shape_text(tensor.shape) +
             ", expected F32 " + shape_text(shape));
  }
  return *values;
}

void require_finite(const Tensor& tensor, const std::string& place) {
  std::visit(
      [&](const auto& values) {
        const std::size_t index = first_not_finite(values);
        if (index == values.size()) return;
        fail(place, tensor.name,
             "value " + std::to_string(index) + " is " + std::to_string(values[index]) +
                 ", expected a finite number");
      },
      tensor.values);
}

std::string shape_text(std::span<const std::size_t> shape) {
  std::string text = "(";
  for (const std::size_t extent : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(extent);
  }
  return text + ")";
}

}  // namespace rondo::tool
