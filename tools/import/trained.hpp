// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Between imported networks and trained ones: an imported chain that is one of the trainer's own
// shapes as an ordinary checkpoint, and any checkpoint as a chain. Used by import and export.
#pragma once
#include <filesystem>
#include <string>

#include "formats/checkpoint.hpp"
#include "import/imported.hpp"

namespace rondo::tool {

// A classifier of texts: one-hot letters, a stack of LSTM, GRU or RNN of one width, a linear layer
// whose last scores are the answer. `model` has a class name for each output. Throws Error naming
// `place` and what is in the way.
Checkpoint as_classifier(const ImportedModel& model, const std::string& alphabet,
                         const std::string& place);

// A float model from a file, trained or imported.
ImportedModel read_float_model(const std::filesystem::path& path);

// The same as a PyTorch state_dict, of the modules embedding, lstm, gru, rnn, dense, linear in the
// order of the data (a second of a kind is lstm2, ...). Throws Error where PyTorch has no such
// module.
void write_state_dict(const std::filesystem::path& path, const ImportedModel& model);
// Of a float model in a file; the maps of the classroom networks keep their names.
void export_state_dict(const std::filesystem::path& model, const std::filesystem::path& out);

}  // namespace rondo::tool
