// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// TensorProto to Constant: every element type that weights and shapes come in, as raw bytes or as
// lists. Called by the reader of graphs only.
#pragma once
#include <string>
#include <utility>

#include "onnx/graph.hpp"

namespace rondo::tool {

// Name and numbers. Throws Error naming `place` and the tensor where its data does not fill its
// shape. A tensor of an unknown type, or with its data in another file, is no error until it is
// used: Constant::unreadable says why.
std::pair<std::string, ConstantPointer> read_tensor(Bytes message, const std::string& place);

}  // namespace rondo::tool
