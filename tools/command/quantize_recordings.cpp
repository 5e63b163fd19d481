// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo quantize of models that read recordings: calibration on the training side, and what int8
// cost on the test side.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "command/classifier.hpp"
#include "command/recorded_model.hpp"
#include "command/recordings.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

// int8 models have scores in Q15.16; half of their range leaves room for what training never saw.
void require_range(const RecordingInfo& info, const std::string& place) {
  constexpr double k_most = 0x1p14, k_step = 0x1p-16;
  for (std::size_t o = 0; o < info.target_mean.size(); ++o) {
    const double mean = info.target_mean[o], deviation = info.target_deviation[o];
    // Steps of a hundredth of the deviation are the least that makes sense.
    if (std::abs(mean) + 4 * deviation < k_most && deviation > 100 * k_step) continue;
    throw Error(place,
                "target " + info.outputs[o] + " is about " +
                    format("%g, give or take %g", mean, deviation) +
                    ": int8 models give numbers of -32768 to 32767 in steps of 2^-16",
                "train with another unit of it, as kilopascals for pascals, or use --type f32");
  }
}

}  // namespace

RecordingCalibration calibrate_recordings(const Checkpoint& checkpoint, const std::string& model,
                                          const std::string& path, bool int8) {
  const RecordingInfo info = info_of(checkpoint, model);
  if (int8) require_range(info, model);
  const Recordings data = load_for(info, path);
  std::vector<std::span<const float>> inputs;
  RecordingCalibration result;
  for (const Recording& recording : data.list) {
    if (recording.side == Side::train) inputs.emplace_back(recording.features);
    const std::size_t rows = info.window == 0 ? recording.rows : info.window;
    result.longest = std::max(result.longest, rows);
  }
  result.calibration = calibrate(inputs, info.features.size(), InputUnit::deviation);
  return result;
}

MeasuredRecordings measure_recordings(const Checkpoint& checkpoint, const std::string& model,
                                      const std::string& path, const std::string& type,
                                      std::span<const std::uint8_t> bytes, const Console& console) {
  const RecordingInfo info = info_of(checkpoint, model);
  const Recordings data = load_for(info, path);
  const WindowSet set = window_set(data, info, "test");
  const std::unique_ptr<Trainer> trainer = trainer_of(checkpoint, model, 1);
  LoadedImage image(bytes, "image of " + model);
  const std::vector<float> of_float = outputs_of(*trainer, set.sequences);
  const std::vector<float> of_image = outputs_of(image, set.sequences);
  MeasuredRecordings measured;
  measured.result["float"] = measure(info, data, set, of_float);
  measured.result[type] = measure(info, data, set, of_image);
  console.say("test side");
  console.say("  " + line_of(info, "float net", measured.result["float"]));
  console.say("  " + line_of(info, type + " image", measured.result[type]));
  if (type == "f32") return measured;

  measured.comparison = compare(*trainer, bytes, set.sequences);
  const Comparison& c = *measured.comparison;
  measured.result["comparison"] = to_json(c);
  if (info.regress()) {
    measured.result["comparison"].erase("agreeing");  // of one number, it would be all
  } else {
    console.say(format("  the same answer to %s windows, %.2f %%", grouped(c.agreeing).c_str(),
                       100.0 * static_cast<double>(c.agreeing) / static_cast<double>(c.sequences)));
  }
  return measured;
}

}  // namespace rondo::tool
