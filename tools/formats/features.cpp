// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "formats/features.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace rondo::tool {
namespace {

void replace(std::string& text, const std::string& before, char end, const std::string& value) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) throw std::logic_error("features.hpp has no " + before);
  const std::size_t from = at + before.size();
  text.replace(from, text.find(end, from) - from, value);
}

void set(std::string& text, const std::string& name, const std::string& value) {
  replace(text, " " + name + " = ", ';', value);
}

void set(std::string& text, const std::string& name, bool value) {
  set(text, name, std::string(value ? "true" : "false"));
}

// The format that all recurrent layers have.
void set(std::string& text, const std::string& name, const ImageContent& content,
         Format ImageLayer::*of) {
  std::optional<Format> format;
  for (const ImageLayer& layer : content.layers) {
    if (!is_recurrent(layer.kind)) continue;
    if (format && *format != layer.*of) return;  // they differ: asked of each
    format = layer.*of;
  }
  if (format) set(text, name, std::string("Format::") + name_of(*format));
}

}  // namespace

std::string features_of(const ImageContent& content, std::string_view text) {
  std::string out(text);
  const std::vector<ImageLayer>& layers = content.layers;
  if (layers.front().type == Type::s8) replace(out, "#define RONDO_FLOAT_KERNELS ", '\n', "0");
  set(out, "k_has_sequences", content.max_steps != 0);
  set(out, "k_has_initial", std::any_of(layers.begin(), layers.end(), [](const ImageLayer& layer) {
        return !layer.initial_f32.empty() || !layer.initial_s32.empty();
      }));
  set(out, "k_has_skip", std::any_of(layers.begin(), layers.end(), [](const ImageLayer& layer) {
        return layer.kind == Kind::skip;
      }));
  set(out, "k_has_floats", layers.front().type == Type::f32 || content.input != Format::token);
  set(out, "k_model_input", std::string("Format::") + name_of(content.input));
  set(out, "k_recurrent_input", content, &ImageLayer::input);
  set(out, "k_recurrent_output", content, &ImageLayer::output);
  set(out, "k_recurrent_state", content, &ImageLayer::recurrent);
  return out;
}

}  // namespace rondo::tool
