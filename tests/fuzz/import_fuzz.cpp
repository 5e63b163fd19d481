// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Any bytes as a model of another library: by the first byte a JSON file, or tensors with the names
// of PyTorch, read with one or another help. What is read can be packed, and loads.
#include "base/error.hpp"
#include "formats/loaded_image.hpp"
#include "fuzz.hpp"
#include "import/chain.hpp"
#include "import/readers.hpp"

using namespace rondo;

namespace {

tool::ImportedModel read(fuzz::Choices& choices, fuzz::MemoryFile& file) {
  const char* const cells[] = {"", "lstm", "gru", "rnn", "relu", "classroom"};
  const char* const chains[] = {"", "emb:embedding,lstm,fc:relu", "lstm,fc1:tanh,fc2"};
  const bool json = choices.flag();
  const tool::ImportOptions options = {cells[choices.below(6)], "", chains[choices.below(3)],
                                       choices.flag()};
  if (json) return tool::import_json(file.fill(choices.rest()), options);
  return tool::import_state_dict(tool::parse_safetensors(choices.rest(), "input"), options, "input",
                                 choices.flag());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::MemoryFile file;
  fuzz::Choices choices(data, size);
  try {
    const tool::ImportedModel model = read(choices, file);
    fuzz::require(!model.understood.empty());
    const auto image = tool::pack_chain(model.content);
    fuzz::require(tool::LoadedImage(image, "packed").model.outputs() == model.content.outputs);
  } catch (const tool::Error&) {
  }
  return 0;
}
