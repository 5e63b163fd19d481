// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "formats/loaded_image.hpp"

#include <cstring>
#include <fstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "formats/description.hpp"

namespace rondo::tool {
namespace {

[[noreturn]] void refuse(Status status, const std::string& place) {
  const std::string name = name_of(status);
  switch (status) {
    case Status::image_truncated:
      throw Error(place, name + ": the image is shorter than its header says",
                  "copy it again as a whole");
    case Status::bad_magic:
      throw Error(place, name + ": not a rondo image", "expected a file written by rondo quantize");
    case Status::unsupported_version:
      throw Error(place, name + ": made by another version of rondo",
                  "quantize the checkpoint again with this one");
    case Status::crc_mismatch:
      throw Error(place, name + ": the image is damaged", "copy or quantize it again");
    default:
      throw Error(place, name + ": the image is not one that rondo wrote",
                  "quantize the checkpoint again");
  }
}

std::uint32_t bytes_needed(const AlignedBytes& image, const std::string& place, CellList cells) {
  ArenaBytes bytes{};
  const Status status = Model::measure(image.bytes(), cells, bytes);
  if (status != Status::ok) refuse(status, place);
  return bytes.total();
}

}  // namespace

AlignedBytes::AlignedBytes(std::size_t size)
    : data_(static_cast<std::uint8_t*>(::operator new[](size, std::align_val_t{64}))), size_(size) {
  std::memset(data_.get(), 0, size);
}

AlignedBytes::AlignedBytes(std::span<const std::uint8_t> bytes) : AlignedBytes(bytes.size()) {
  if (!bytes.empty()) std::memcpy(data_.get(), bytes.data(), bytes.size());
}

LoadedImage::LoadedImage(std::span<const std::uint8_t> bytes, const std::string& place,
                         CellList cells)
    : image_(bytes), memory_(bytes_needed(image_, place, cells)), arena_(memory_.view()) {
  Status status = model.load(image_.bytes(), cells, arena_, Check::layout);  // measure did the rest
  if (status == Status::ok) status = stream.bind(model, arena_);
  if (status != Status::ok) refuse(status, place);
  read_description(place);
}

void LoadedImage::read_description(const std::string& place) {
  const View<const std::uint8_t> text = metadata_of(image_.bytes());
  description = nlohmann::json::object();
  if (!text.empty()) {
    const auto* const chars = static_cast<const char*>(static_cast<const void*>(text.data()));
    description = parse_description({chars, text.size()}, place);
    if (!description.is_object()) throw Error(place, "the metadata is not a JSON object");
  }
  try {
    task = description.value("task", std::string());
    alphabet = description.value("alphabet", std::string());
    classes = description.value("classes", std::vector<std::string>());
    conditions = description.value("conditions", std::vector<std::string>());
  } catch (const nlohmann::json::exception&) {
    throw Error(place,
                "the metadata has a task, alphabet, classes or conditions of the wrong type");
  }
  const bool fits = (classes.empty() || classes.size() == model.outputs()) &&
                    (alphabet.empty() || alphabet.size() + conditions.size() == model.inputs());
  if (!fits) throw Error(place, "the metadata does not fit the model's inputs and outputs");
  for (std::size_t i = classes.size(); i < model.outputs(); ++i) {
    classes.push_back(std::to_string(i));
  }
}

std::unique_ptr<LoadedImage> load_image(const std::filesystem::path& path) {
  return std::make_unique<LoadedImage>(read_bytes(path), path.string());
}

bool is_image(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::uint32_t magic = 0;
  char bytes[sizeof magic];
  if (!in.read(bytes, sizeof bytes)) return path.extension() == ".rondo";
  std::memcpy(&magic, bytes, sizeof magic);
  return magic == k_image_magic || path.extension() == ".rondo";
}

}  // namespace rondo::tool
