// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What eval, predict and quantize do with models that read recordings; each of these commands asks
// the model first and comes here, or goes on with text.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "command/command.hpp"
#include "formats/checkpoint.hpp"
#include "quantize/compare.hpp"
#include "quantize/quantize.hpp"

namespace rondo::tool {

// `answers`: a file to write, or empty.
void eval_recordings(const std::string& model, const std::string& data, const std::string& subset,
                     bool per_class, const std::string& answers, const Console& console);

// `output`: a file to write; empty: standard output.
void predict_recordings(const std::string& model, const std::string& input,
                        const std::string& output, const Console& console);

// What the training side shows of the inputs. Throws Error where int8 scores could not hold the
// targets. `longest`: of the windows.
struct RecordingCalibration {
  Calibration calibration;
  std::size_t longest = 0;
};
RecordingCalibration calibrate_recordings(const Checkpoint& checkpoint, const std::string& model,
                                          const std::string& data, bool int8);

// Float net and image on the test side; the comparison of int8 images only.
struct MeasuredRecordings {  // NOLINT(bugprone-exception-escape): moving json throws nothing
  nlohmann::json result;
  std::optional<Comparison> comparison;
};
MeasuredRecordings measure_recordings(const Checkpoint& checkpoint, const std::string& model,
                                      const std::string& data, const std::string& type,
                                      std::span<const std::uint8_t> image, const Console& console);

}  // namespace rondo::tool
