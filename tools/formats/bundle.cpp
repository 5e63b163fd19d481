// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "formats/bundle.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>

#include <rondo/rondo.h>

#include "formats/features.hpp"
#include "formats/runtime_files.hpp"

namespace rondo::tool {
namespace {

using Names = std::vector<std::string>;

// What differs from core to core.
struct Core {
  const char* set;      // of int8 kernels: its header is kernel/SET_s8.hpp
  Names kernels;        // files of src that want `flags`
  Names others;         // more files of src
  const char* options;  // which core to compile for
  Names flags;
};

// As in src/kernel/meson.build.
const Names k_as_written = {"-fno-schedule-insns", "-fno-tree-ter",
                            "-fno-tree-loop-distribute-patterns"};

// As in tools/machine.
const std::map<std::string, const char*> k_options = {
    {"cortex-m0", "-mthumb -mcpu=cortex-m0 -mfloat-abi=soft"},
    {"cortex-m3", "-mthumb -mcpu=cortex-m3 -mfloat-abi=soft"},
    {"cortex-m4", "-mthumb -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16"},
    {"cortex-m7", "-mthumb -mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16"},
    {"cortex-m33", "-mthumb -mcpu=cortex-m33 -mfloat-abi=hard -mfpu=fpv5-sp-d16"},
    {"cortex-m55", "-mthumb -mcpu=cortex-m55 -mfloat-abi=hard"},
    {"generic", "none"}};

Core core_of(const Target& target) {
  const std::string name = target.name;
  const char* const options = k_options.at(name);
  const char* const cells = "kernel/cortex_m_cells_s8.cpp";
  if (target.packing == Packing::host) {
    return {"",
            {"kernel/scalar_s8.cpp", "kernel/scalar_cells_s8.cpp"},
            {},
            options,
            {"-fno-tree-vectorize"}};
  }
  if (target.packing == Packing::helium) {
    return {"mve", {"kernel/mve_s8.cpp", "kernel/mve_cells_s8.cpp"}, {}, options, k_as_written};
  }
  if (name == "cortex-m0" || name == "cortex-m3") {
    return {
        "thumb", {"kernel/thumb_s8.cpp", cells}, {"kernel/scalar_s8.cpp"}, options, k_as_written};
  }
  return {"dsp", {"kernel/dsp_s8.cpp", cells}, {}, options, k_as_written};
}

// Whether numbers of this model are floats somewhere: in the layers, or where they come in.
bool has_floats(const ImageContent& content) {
  return content.layers.front().type == Type::f32 || content.input != Format::token;
}

// Where the runtime's files start from: what load, steps, states and the C API are made of, and the
// model's cells.
Names roots_of(const ImageContent& content, const Core& core) {
  Names roots = {"model/load.cpp",          "model/stream.cpp",   "model/run.cpp",
                 "model/status.cpp",        "model/c_stream.cpp", "model/saved_state.cpp",
                 "model/c_saved_state.cpp", "kernel/select.cpp",  "port/cpu_fixed.cpp"};
  if (has_floats(content)) {
    roots.insert(roots.end(), {"model/real_input.cpp", "model/softmax.cpp", "model/c_floats.cpp"});
  }
  if (content.layers.front().type == Type::f32) {
    roots.emplace_back("kernel/scalar_f32.cpp");
  } else if (content.input == Format::token) {
    roots.insert(roots.end(), {"model/sample.cpp", "model/c_sample.cpp"});
  }
  for (const std::string& cell : cells_of(content)) roots.push_back("cell/" + cell + ".cpp");
  roots.insert(roots.end(), core.kernels.begin(), core.kernels.end());
  roots.insert(roots.end(), core.others.begin(), core.others.end());
  return roots;
}

class Sources {
 public:
  Sources() {
    for (const RuntimeFile& file : runtime_files()) all_.emplace(file.path, file.text);
  }

  // The root files, what they include, and for each header the source of the same name. Kernels of
  // other cores, which kernel/kernels.hpp includes there, are left out.
  std::set<std::string> closure(const Names& roots, const std::string& set) const {
    std::set<std::string> found;
    Names open;
    for (const std::string& root : roots) open.push_back("src/" + root);
    while (!open.empty()) {
      const std::string path = open.back();
      open.pop_back();
      if (!found.insert(path).second) continue;
      const Names included = included_by(text(path));
      std::copy_if(included.begin(), included.end(), std::back_inserter(open),
                   [&](const std::string& name) { return !of_other_core(name, set); });
      const std::string source = path.substr(0, path.rfind('.')) + ".cpp";
      if (all_.count(source) != 0) open.push_back(source);
    }
    return found;
  }

  std::string_view text(const std::string& path) const {
    const auto at = all_.find(path);
    if (at == all_.end()) throw std::logic_error("bundle: the tool was built without " + path);
    return at->second;
  }

 private:
  static bool of_other_core(const std::string& path, const std::string& set) {
    for (const char* const other : {"thumb", "dsp", "mve"}) {
      if (other != set && path == "src/kernel/" + std::string(other) + "_s8.hpp") return true;
    }
    return false;
  }

  // The runtime's own files among the includes of a text.
  Names included_by(std::string_view text) const {
    constexpr std::string_view k_include = "#include ";
    Names names;
    for (std::size_t at = 0; (at = text.find(k_include, at)) != std::string_view::npos;) {
      at += k_include.size();
      const std::size_t end = text.find_first_of(text[at] == '<' ? ">" : "\"", at + 1);
      const std::string name(text.substr(at + 1, end - at - 1));
      const std::string path = (name.rfind("rondo/", 0) == 0 ? "include/" : "src/") + name;
      if (all_.count(path) != 0) names.push_back(path);
    }
    return names;
  }

  std::map<std::string, std::string_view, std::less<>> all_;
};

// One include folder: include/rondo/x and src/y stand in src/rondo/x and src/y.
std::string place_of(const std::string& path) {
  return path.rfind("include/", 0) == 0 ? std::string("src/").append(path, 8) : path;
}

std::string joined(const Names& parts, const std::string& before, const std::string& after) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "" : after) + before;
    text += part;
  }
  return text;
}

// @KEY@ of a template is replaced by its value.
using Values = std::map<std::string, std::string>;

std::string filled(std::string_view pattern, const Values& values) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t open = pattern.find('@', at);
    out += pattern.substr(at, open - at);
    if (open == std::string_view::npos) break;
    const std::size_t close = pattern.find('@', open + 1);
    out += values.at(std::string(pattern.substr(open + 1, close - open - 1)));
    at = close + 1;
  }
  return out;
}

std::string step_of(const ImageContent& content, const std::string& name) {
  if (content.input == Format::token) {
    return "rondo_step_token(stream, " + name + "_self_test_input[i])";
  }
  return "rondo_step_s16(stream, " + name + "_self_test_input + i * " + name + "_inputs)";
}

// The steps of the self-test and the comparison; a float model only has to answer.
std::string body_of(const ImageContent& content, const std::string& name) {
  if (content.layers.front().type == Type::f32) {
    const bool tokens = content.input == Format::token;
    const std::string x = "  static const float x[" + name + "_inputs] = {1.0F};\n";
    return (tokens ? "" : x) + "  " +
           (tokens ? "rondo_step_token(stream, 0)" : "rondo_step_f32(stream, x)") +
           ";\n  if (rondo_argmax(stream) >= " + name + "_outputs) return 2;\n";
  }
  return "  for (int i = 0; i < " + name + "_self_test_steps; ++i) {\n    " +
         step_of(content, name) +
         ";\n  }\n  const int32_t* const scores = rondo_scores_s32(stream);\n  for (int i = 0; i "
         "< " +
         name + "_outputs; ++i) {\n    if (scores[i] != " + name +
         "_self_test_scores[i]) return 2;\n  }\n";
}

struct InputText {
  const char* what;
  const char* use;
};
InputText input_text(const ImageContent& content) {
  if (content.input == Format::token) {
    return {"tokens", "rondo_step_token(stream, token); /* of each byte: see the header */"};
  }
  if (content.input == Format::f32) {
    return {"vectors of float", "rondo_step_f32(stream, x); /* for each vector */"};
  }
  return {"real numbers, as float or already in the model's integer steps",
          "rondo_step_f32(stream, x); /* for each vector; or rondo_step_s16 */"};
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

Values values_of(const ImageContent& content, const Target& target, const std::string& name,
                 const Core& core, const Names& sources, const HeaderFiles& model) {
  Names kernels;
  for (const std::string& kernel : core.kernels) kernels.push_back("src/" + kernel);
  const bool floats = has_floats(content);
  return {
      {"NAME", name},
      {"UPPER", upper(name)},
      {"TARGET", target.name},
      {"VERSION", std::to_string(rondo_version_major) + "." + std::to_string(rondo_version_minor) +
                      "." + std::to_string(rondo_version_patch)},
      {"CORE_FLAGS", core.options},
      {"SOURCES", joined(sources, "  ", "\n")},
      {"ZEPHYR_SOURCES", joined(sources, "    ../", "\n")},
      {"KERNELS", joined(kernels, "", " ")},
      {"KERNEL_NAMES", joined(core.kernels, "", " and ")},
      {"ZEPHYR_KERNELS", joined(kernels, "../", " ")},
      {"KERNEL_FLAGS", joined(core.flags, "", ";")},
      {"KERNEL_WORDS", joined(core.flags, "", " ")},
      {"JSON_FLAGS", joined(core.flags, "", "\", \"")},
      {"ALIGN", std::to_string(target.align)},
      // What rounds up to whole words, and where the array may start on any of them.
      {"SLACK", std::to_string(target.align == 4 ? 3 : target.align)},
      {"BODY", body_of(content, name)},
      {"IMAGE_BYTES", std::to_string(model.image_bytes)},
      {"ARENA_BYTES", std::to_string(model.arena.total())},
      {"CELLS", joined(cells_of(content), "", ", ")},
      {"INPUT", input_text(content).what},
      {"USE", input_text(content).use},
      {"FLOATS", floats ? "Scores also as floats."
                        : "No float arithmetic: what takes or gives floats in rondo.h is not in "
                          "this bundle; a score is `rondo_scores_s32` / 65536."},
  };
}

}  // namespace

Bundle bundle_of(const ImageContent& content, const Target& target, const std::string& name) {
  Bundle bundle;
  bundle.model = header_files(content, target, name);
  const Core core = core_of(target);
  const Sources runtime;
  Names sources = {"src/" + name + ".c"};
  for (const std::string& path : runtime.closure(roots_of(content, core), core.set)) {
    const std::string_view text = runtime.text(path);
    bundle.files.push_back({place_of(path), path == "include/rondo/features.hpp"
                                                ? features_of(content, text)
                                                : std::string(text)});
    if (path.ends_with(".cpp")) sources.push_back(path);
  }
  bundle.files.push_back({"src/" + name + ".h", bundle.model.header});
  bundle.files.push_back({"src/" + name + ".c", bundle.model.source});
  bundle.files.push_back({"LICENSE", std::string(runtime.text("LICENSE"))});
  const Values values = values_of(content, target, name, core, sources, bundle.model);
  const std::pair<const char*, const char*> templates[] = {
      {"CMakeLists.txt", "CMakeLists.txt.in"},
      {"README.md", "README.md.in"},
      {"examples/self_test/main.c", "main.c.in"},
      {"library.json", "library.json.in"},
      {"library.properties", "library.properties.in"},
      {"zephyr/CMakeLists.txt", "zephyr.cmake.in"},
      {"zephyr/Kconfig", "Kconfig.in"},
      {"zephyr/module.yml", "module.yml.in"},
  };
  for (const auto& [path, pattern] : templates) {
    const std::string_view text = runtime.text("tools/formats/bundle/" + std::string(pattern));
    bundle.files.push_back({path, filled(text, values)});
  }
  std::sort(bundle.files.begin(), bundle.files.end(),
            [](const BundleFile& a, const BundleFile& b) { return a.path < b.path; });
  return bundle;
}

}  // namespace rondo::tool
