// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "train/snapshot.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "train/named_tensors.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

constexpr const char* k_identity = "rondo.identity";
constexpr const char* k_progress = "rondo.progress";
constexpr const char* k_kept = "kept.";
constexpr const char* k_state_h = "state.h";
constexpr const char* k_state_c = "state.c";

json object_of(const TensorFile& file, const char* key, const std::string& place) {
  const auto found = file.metadata.find(key);
  json object = found == file.metadata.end() ? json() : json::parse(found->second, nullptr, false);
  if (!object.is_object()) {
    throw Error(place, "is no snapshot of a training run", "delete it to start anew");
  }
  return object;
}

bool holds(const TensorFile& file, const std::string& prefix) {
  return std::any_of(file.tensors.begin(), file.tensors.end(),
                     [&](const Tensor& tensor) { return tensor.name.starts_with(prefix); });
}

std::vector<float> floats_of(const TensorFile& file, const char* name, const std::string& place) {
  const Tensor& tensor = find_tensor(file, name, place);
  if (const auto* values = std::get_if<std::vector<float>>(&tensor.values)) return *values;
  throw Error(place, std::string("tensor '") + name + "': expected F32");
}

// Names the first setting that is not the same.
void require_same(const json& was, const json& is, const std::string& place) {
  json all = was;
  all.update(is);
  for (const auto& [key, value] : all.items()) {
    const json before = was.value(key, json()), now = is.value(key, json());
    if (before == now) continue;
    throw Error(place, "is of a run with " + key + " " + before.dump() + ", not " + now.dump(),
                "give the same options and data, or delete it to start anew");
  }
}

}  // namespace

Snapshots::Snapshots(const std::string& out, json identity, double every, bool resume)
    : path_(out + ".resume"),
      identity_(std::move(identity)),
      every_(every),
      written_(Clock::now()) {
  if (!resume && std::filesystem::exists(path_)) {
    throw Error(path_, "an interrupted run is there",
                "go on with it by --resume, or delete it to start anew");
  }
}

std::optional<json> Snapshots::restore(Trainer& trainer, std::vector<float>& kept,
                                       State<float>* state) const {
  if (!std::filesystem::exists(path_)) return std::nullopt;
  const TensorFile file = read_safetensors(path_);
  require_same(object_of(file, k_identity, path_), identity_, path_);
  json progress = object_of(file, k_progress, path_);
  trainer.load(file, path_);
  trainer.load_optimizer(file, path_);
  kept.clear();
  if (holds(file, k_kept)) {
    kept.resize(trainer.parameters().size());
    block_from(trainer.network(), file, path_, kept.data(), k_kept);
  }
  if (state != nullptr && holds(file, k_state_h)) {
    state->h = floats_of(file, k_state_h, path_);
    state->c = floats_of(file, k_state_c, path_);
  }
  return progress;
}

void Snapshots::offer(const Trainer& trainer, const std::vector<float>& kept,
                      const json& progress) {
  if (due()) save(trainer, kept, progress);
}

void Snapshots::save(const Trainer& trainer, const std::vector<float>& kept, const json& progress,
                     const State<float>* state) {
  TensorFile file;
  file.metadata[k_identity] = identity_.dump();
  file.metadata[k_progress] = progress.dump();
  file.tensors = trainer.save();
  const auto add = [&](const std::vector<Tensor>& more) {
    file.tensors.insert(file.tensors.end(), more.begin(), more.end());
  };
  add(trainer.save_optimizer());
  if (!kept.empty()) add(tensors_of(trainer.network(), kept.data(), k_kept));
  if (state != nullptr && !state->h.empty()) {
    add({{k_state_h, {state->h.size()}, state->h}, {k_state_c, {state->c.size()}, state->c}});
  }
  write_safetensors(path_, file);
  written_ = Clock::now();
}

void Snapshots::remove() const {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
  remove_leftovers(path_);  // of a run that was killed while it wrote one
}

}  // namespace rondo::tool
