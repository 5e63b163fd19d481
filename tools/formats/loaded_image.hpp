// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// An image with everything it needs to run on the host: aligned bytes, arena, Model, one Stream,
// and its metadata. Used by eval, predict, inspect, export and the quantizer's measurement.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <rondo/rondo.hpp>

namespace rondo::tool {

// Bytes that start at a multiple of 64.
class AlignedBytes {
 public:
  explicit AlignedBytes(std::size_t size);
  explicit AlignedBytes(std::span<const std::uint8_t> bytes);
  std::uint8_t* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  View<std::uint8_t> view() const { return {data_.get(), size_}; }
  View<const std::uint8_t> bytes() const { return {data_.get(), size_}; }

 private:
  struct Free {
    void operator()(std::uint8_t* p) const { ::operator delete[](p, std::align_val_t{64}); }
  };
  std::unique_ptr<std::uint8_t[], Free> data_;
  std::size_t size_;
};

class LoadedImage {
 public:
  // `place` names the file in messages. Throws Error saying what load found wrong and what to do.
  LoadedImage(std::span<const std::uint8_t> bytes, const std::string& place,
              CellList cells = all_cells());
  LoadedImage(const LoadedImage&) = delete;
  LoadedImage& operator=(const LoadedImage&) = delete;

  Model model;
  Stream stream;
  nlohmann::json description;           // the metadata; empty object where there is none
  std::string task;                     // from it; may be empty
  std::vector<std::string> classes;     // from it; numbered where it names none
  std::string alphabet;                 // from it; may be empty
  std::vector<std::string> conditions;  // from it; their tokens stand behind the alphabet's

  View<const std::uint8_t> bytes() const { return image_.bytes(); }

 private:
  void read_description(const std::string& place);

  AlignedBytes image_;
  AlignedBytes memory_;
  Arena arena_;
};

// Reads the file first.
std::unique_ptr<LoadedImage> load_image(const std::filesystem::path& path);

// Whether the file starts like an image; else it may be a checkpoint.
bool is_image(const std::filesystem::path& path);

}  // namespace rondo::tool
