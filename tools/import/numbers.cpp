// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See numbers.hpp.
#include "import/numbers.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"

namespace rondo::tool {
namespace {

// A parsed number takes 16 bytes and at least 2 of text: this much text stays below 512 MB.
constexpr std::uintmax_t k_most_json = std::uintmax_t{64} << 20;
constexpr int k_most_depth = 16;
constexpr std::size_t k_most_axes = 4;

[[noreturn]] void fail(const std::string& place, const std::string& name,
                       const std::string& problem) {
  throw Error(place, name + ": " + problem);
}

void append(const OrderedJson& value, std::span<const std::size_t> shape, const std::string& name,
            const std::string& place, std::vector<float>& values) {
  if (shape.empty()) {
    const double number = value.is_number() ? value.get<double>() : std::nan("");
    if (!(std::abs(number) <= double{std::numeric_limits<float>::max()})) {
      fail(place, name,
           "element " + std::to_string(values.size()) + " is not a number that a float can hold");
    }
    values.push_back(static_cast<float>(number));
    return;
  }
  if (!value.is_array() || value.size() != shape[0]) {
    fail(place, name,
         "its rows differ in length: expected " + std::to_string(shape[0]) + " elements, found " +
             std::to_string(value.is_array() ? value.size() : 0));
  }
  for (const OrderedJson& element : value) append(element, shape.subspan(1), name, place, values);
}

}  // namespace

OrderedJson read_json(const std::filesystem::path& path) {
  const std::string place = path.string();
  const std::string text = read_text(path, k_most_json);
  std::vector<std::set<std::string>> open;  // the names in each object that is not yet closed
  const auto watch = [&](int depth, OrderedJson::parse_event_t event, OrderedJson& value) {
    if (depth > k_most_depth) {
      throw Error(place, "is nested deeper than " + std::to_string(k_most_depth) + " levels",
                  "expected a model as RTNeural, GuitarML or NAM write it");
    }
    if (event == OrderedJson::parse_event_t::object_start) {
      open.emplace_back();
    } else if (event == OrderedJson::parse_event_t::object_end) {
      open.pop_back();
    } else if (event == OrderedJson::parse_event_t::key &&
               !open.back().insert(value.get<std::string>()).second) {
      throw Error(place, "the name \"" + value.get<std::string>() + "\" stands twice in an object");
    }
    return true;
  };
  try {
    return OrderedJson::parse(text, watch);
  } catch (const OrderedJson::exception& error) {
    throw Error(place, std::string("is not valid JSON: ") + error.what(),
                "is the file cut short or damaged?");
  }
}

Tensor tensor_of(const OrderedJson& value, const std::string& name, const std::string& place) {
  Tensor tensor{name, {}, {}};
  for (const OrderedJson* at = &value; at->is_array(); at = &at->front()) {
    tensor.shape.push_back(at->size());
    if (at->empty()) fail(place, name, "is an empty array");
    if (tensor.shape.size() > k_most_axes) fail(place, name, "has more than 4 axes");
  }
  if (tensor.shape.empty()) fail(place, name, "is not an array of numbers");
  std::vector<float> values;
  append(value, tensor.shape, name, place, values);
  tensor.values = std::move(values);
  return tensor;
}

const std::vector<float>& values_of(const Tensor& tensor, std::span<const std::size_t> shape,
                                    const std::string& place, const std::string& why) {
  if (!std::ranges::equal(tensor.shape, shape)) {
    fail(place, tensor.name,
         "has shape " + shape_text(tensor.shape) + ", expected " + shape_text(shape) + " " + why);
  }
  return std::get<std::vector<float>>(tensor.values);
}

std::size_t count_of(const OrderedJson& object, const char* field, const std::string& place) {
  const auto found = object.find(field);
  const bool good = found != object.end() && found->is_number_unsigned() &&
                    found->get<std::uint64_t>() <= INT32_MAX;
  if (good) return found->get<std::size_t>();
  fail(place, std::string("field \"") + field + "\"", "expected a whole number");
}

std::size_t count_of(const OrderedJson& object, const char* field, const std::string& place,
                     std::size_t fallback) {
  return object.contains(field) ? count_of(object, field, place) : fallback;
}

std::string text_of(const OrderedJson& object, const char* field, const std::string& place,
                    const std::string& fallback) {
  const auto found = object.find(field);
  if (found == object.end()) return fallback;
  if (found->is_string()) return found->get<std::string>();
  fail(place, std::string("field \"") + field + "\"", "expected a text");
}

std::vector<float> transposed(const std::vector<float>& w, std::size_t columns) {
  if (w.empty()) return {};
  std::vector<float> turned(w.size());
  const std::size_t rows = w.size() / columns;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) turned[c * rows + r] = w[r * columns + c];
  }
  return turned;
}

}  // namespace rondo::tool
