// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// An ONNX model as a chain of rondo's layers: the door for `rondo import FILE.onnx`. The value is
// traced from the model's first input to its first output; a node that a chain of layers cannot
// express is refused by its name and operator.
#pragma once
#include <string>

#include "import/imported.hpp"
#include "onnx/wire.hpp"

namespace rondo::tool {

// `place` names the file in messages. `source` of the result has: format, file, producer, opset,
// input and output (names), answers ("every_step" or "last_step"), softmax (whether the graph ends
// in one: a classifier) and notes: what was left out. Throws Error where the file is damaged, has
// its weights elsewhere, or holds what rondo has not.
ImportedModel import_onnx(Bytes file, const std::string& place);

}  // namespace rondo::tool
