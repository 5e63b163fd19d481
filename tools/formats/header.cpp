// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "formats/header.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <sstream>

#include "base/error.hpp"
#include "formats/loaded_image.hpp"

namespace rondo::tool {
namespace {

constexpr std::array<Target, 7> k_targets = {{{"cortex-m0", Packing::cortex_m, 4},
                                              {"cortex-m3", Packing::cortex_m, 4},
                                              {"cortex-m4", Packing::cortex_m, 4},
                                              {"cortex-m7", Packing::cortex_m, 4},
                                              {"cortex-m33", Packing::cortex_m, 4},
                                              {"cortex-m55", Packing::helium, 4},
                                              {"generic", Packing::host, 64}}};

constexpr std::size_t k_self_test_steps = 16;

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// A string literal; bytes outside printable ASCII as octal escapes.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte >= 32 && byte < 127 && c != '?') {
      out += c;
    } else {
      const char digits[] = {'\\', static_cast<char>('0' + byte / 64),
                             static_cast<char>('0' + byte / 8 % 8),
                             static_cast<char>('0' + byte % 8)};
      out.append(digits, sizeof digits);
    }
  }
  return out + "\"";
}

template <class Values>
std::string list(const Values& values, std::size_t per_line) {
  std::ostringstream out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    out << (i % per_line == 0 ? "\n    " : " ") << values[i] << ',';
  }
  return out.str();
}

// A bidirectional model has a longest sequence.
std::size_t self_test_steps(std::uint32_t max_steps) {
  return max_steps != 0 ? std::min<std::size_t>(max_steps, k_self_test_steps) : k_self_test_steps;
}

// A sequence that visits the inputs, and the scores that the host computes for it.
struct SelfTest {
  std::vector<int> input;  // tokens, or (steps, I) in the model's integer steps
  std::vector<std::int64_t> scores;
};

SelfTest self_test_of(LoadedImage& image) {
  SelfTest test;
  const std::uint32_t inputs = image.model.inputs();
  const std::size_t steps = self_test_steps(image.model.max_steps());
  std::vector<std::uint32_t> tokens;
  std::vector<std::int16_t> x;
  for (std::size_t step = 0; step < steps; ++step) {
    if (image.model.input() == Format::token) {
      tokens.push_back(static_cast<std::uint32_t>((7 * step + 3) % inputs));
      continue;
    }
    for (std::size_t i = 0; i < inputs; ++i) {
      x.push_back(
          static_cast<std::int16_t>(static_cast<int>((step * 7919 + i * 104729) % 20001) - 10000));
    }
  }
  test.input.assign(tokens.begin(), tokens.end());
  test.input.insert(test.input.end(), x.begin(), x.end());
  if (tokens.empty()) {
    image.stream.run_s16(x.data(), steps);
  } else {
    image.stream.run(tokens.data(), steps);
  }
  const std::int32_t* const scores = image.stream.scores_s32();
  test.scores.assign(scores, scores + image.model.outputs());
  return test;
}

std::string header_text(const ImageContent& content, const Target& target, const std::string& name,
                        const LoadedImage& image, const ArenaBytes& bytes) {
  const std::string guard = upper(name) + "_H";
  const bool tokens = content.input == Format::token;
  const bool f32 = content.layers.front().type == Type::f32;
  std::ostringstream out;
  out << "/* Written by rondo export for " << target.name << ": do not edit. */\n"
      << "#ifndef " << guard << "\n#define " << guard << "\n\n#include <rondo/rondo.h>\n\n"
      << "enum {\n"
      << "  " << name << "_image_bytes = " << image.bytes().size() << ", /* flash */\n"
      << "  " << name << "_arena_bytes = " << bytes.total()
      << ", /* RAM of Model::load and Stream::bind, aligned to " << target.align << " */\n"
      << "  " << name << "_model_bytes = " << bytes.model << ", /* of these: once */\n"
      << "  " << name << "_state_bytes = " << bytes.state << ", /* for each stream */\n"
      << "  " << name << "_scratch_bytes = " << bytes.scratch
      << ", /* for streams that never run at the same time: once */\n"
      << "  " << name << "_arena_align = " << target.align << ",\n"
      << "  " << name << "_c_arena_bytes = " << name << "_arena_bytes + (rondo_object_bytes + "
      << target.align - 1 << ") / " << target.align << " * " << target.align
      << ", /* RAM of rondo_init in C, aligned to the same */\n"
      << "  " << name << "_inputs = " << content.inputs
      << (tokens ? ", /* tokens */\n" : ", /* numbers of one step */\n") << "  " << name
      << "_outputs = " << content.outputs << ",\n";
  if (content.max_steps != 0) {
    out << "  " << name << "_max_steps = " << content.max_steps
        << ", /* of a sequence, for Stream::run: a bidirectional model has no single steps */\n";
  }
  out << "  " << name << "_self_test_steps = " << self_test_steps(content.max_steps) << "\n};\n\n"
      << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
      << "/* For C: give it to rondo_init. */\n"
      << "extern const RondoModel " << name << "_model;\n"
      << "/* For C++: give them to Model::load. The cells are all that this model needs. */\n"
      << "extern const uint32_t " << name << "_image[" << image.bytes().size() / 4 << "];\n"
      << "extern const RondoCell* const " << name << "_cells[" << cells_of(content).size() << "];\n"
      << "/* Name of each output. */\n"
      << "extern const char* const " << name << "_classes[" << content.outputs << "];\n";
  if (tokens) {
    out << "/* Token of each byte of text; " << name
        << "_inputs where it has none: leave such bytes out. */\n"
        << "extern const uint16_t " << name << "_token_of[256];\n";
  }
  if (!f32) {
    out << "/* Run these " << (tokens ? "tokens" : "steps") << " from reset: the scores must be "
        << name << "_self_test_scores to the bit. */\n"
        << "extern const " << (tokens ? "uint16_t " : "int16_t ") << name << "_self_test_input["
        << self_test_steps(content.max_steps) * (tokens ? 1 : content.inputs) << "];\n"
        << "extern const int32_t " << name << "_self_test_scores[" << content.outputs << "];\n";
  }
  out << "\n#ifdef __cplusplus\n}\n\n"
      << "static_assert(rondo::k_format_version == " << k_format_version
      << ", \"exported for another version of rondo\");\n"
      << "static_assert(rondo::k_arena_align == " << target.align
      << ", \"exported for another kind of core: see rondo export --target\");\n"
      << "#endif\n\n#endif\n";
  return out.str();
}

std::string token_table(const std::string& alphabet, std::uint32_t inputs) {
  std::vector<std::uint32_t> tokens(256, inputs);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    tokens[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint32_t>(i);
  }
  return list(tokens, 16);
}

std::string source_text(const ImageContent& content, const Target& target, const std::string& name,
                        LoadedImage& image) {
  const bool tokens = content.input == Format::token;
  std::vector<std::uint32_t> words(image.bytes().size() / 4);
  std::memcpy(words.data(), image.bytes().data(), 4 * words.size());
  std::vector<std::string> texts;
  texts.reserve(words.size());
  for (const std::uint32_t word : words) texts.push_back(std::to_string(word) + "u");
  std::vector<std::string> cells;
  for (const std::string& cell : cells_of(content)) cells.push_back("&rondo_" + cell);
  std::vector<std::string> names;
  for (const std::string& c : image.classes) names.push_back(quoted(c));

  std::ostringstream out;
  out << "/* Written by rondo export for " << target.name << ": do not edit. */\n"
      << "#include \"" << name << ".h\"\n\n"
      << "/* Define it, for instance as __attribute__((section(\".models\"))), to place the image. "
         "*/\n"
      << "#ifndef RONDO_IMAGE_SECTION\n#define RONDO_IMAGE_SECTION\n#endif\n\n"
      << "RONDO_IMAGE_SECTION const uint32_t " << name << "_image[" << words.size() << "]";
  if (target.align > 4) out << "\n    __attribute__((aligned(" << target.align << ")))";
  out << " = {" << list(texts, 8) << "\n};\n\n"
      << "const RondoCell* const " << name << "_cells[" << cells.size() << "] = {" << list(cells, 4)
      << "\n};\n\n"
      << "const RondoModel " << name << "_model = {" << name << "_image, " << name
      << "_image_bytes, " << name << "_cells, " << cells.size() << "};\n\n"
      << "const char* const " << name << "_classes[" << names.size() << "] = {" << list(names, 4)
      << "\n};\n";
  if (tokens) {
    out << "\nconst uint16_t " << name << "_token_of[256] = {"
        << token_table(image.alphabet, content.inputs) << "\n};\n";
  }
  if (content.layers.front().type == Type::s8) {
    const SelfTest test = self_test_of(image);
    out << "\nconst " << (tokens ? "uint16_t " : "int16_t ") << name << "_self_test_input["
        << test.input.size() << "] = {" << list(test.input, 12) << "\n};\n\n"
        << "const int32_t " << name << "_self_test_scores[" << test.scores.size() << "] = {"
        << list(test.scores, 8) << "\n};\n";
  }
  return out.str();
}

}  // namespace

std::vector<std::string> cells_of(const ImageContent& content) {
  std::vector<std::string> cells;
  for (const ImageLayer& layer : content.layers) {
    std::string cell =
        std::string(name_of(layer.kind)) + (layer.type == Type::f32 ? "_f32" : "_s8");
    if (std::find(cells.begin(), cells.end(), cell) == cells.end())
      cells.push_back(std::move(cell));
  }
  return cells;
}

const Target& target_from_name(const std::string& name) {
  std::string known;
  for (const Target& target : k_targets) {
    if (name == target.name) return target;
    known += (known.empty() ? "" : ", ") + std::string(target.name);
  }
  throw Error("--target", "unknown target \"" + name + "\"", "known: " + known);
}

void require_identifier(const std::string& name) {
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  const bool digit_first = !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) != 0;
  if (name.empty() || digit_first || !std::all_of(name.begin(), name.end(), allowed)) {
    throw Error("--name", "\"" + name + "\" is not a C identifier",
                "use letters, digits and _, such as names_model");
  }
  for (const char* const header : {"stddef", "stdint", "string"}) {
    if (name == header) {
      throw Error("--name", "\"" + name + ".h\" would hide the header of that name in C's library",
                  "use another name, such as names_model");
    }
  }
}

HeaderFiles header_files(const ImageContent& content, const Target& target,
                         const std::string& name) {
  require_identifier(name);
  if (content.input == Format::token && content.inputs > 65535) {
    throw Error(name, "has a vocabulary of more than 65,535 tokens", "its table would not fit");
  }
  LoadedImage described(pack(content, Packing::host), name);  // names and alphabet
  ImageContent bare = content;
  bare.metadata.clear();
  LoadedImage image(pack(bare, target.packing), name);
  image.classes = described.classes;
  image.alphabet = described.alphabet;
  ArenaBytes bytes{};
  if (Model::measure(image.bytes(), all_cells(), bytes, target.align) != Status::ok) {
    throw std::logic_error("export: the packed image does not load");
  }
  HeaderFiles files;
  files.image_bytes = image.bytes().size();
  files.image.assign(image.bytes().begin(), image.bytes().end());
  files.arena = bytes;
  files.header = header_text(content, target, name, image, bytes);
  files.source = source_text(content, target, name, image);
  return files;
}

}  // namespace rondo::tool
