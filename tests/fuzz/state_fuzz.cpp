// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Any bytes as the saved state of a stream: refused and without effect, or taken and run. The first
// byte chooses the model, the second whether the head of the blob is made right.
#include <cstring>
#include <vector>

#include "fuzz.hpp"
#include "random_model.hpp"

namespace {

using namespace rondo;
using Blob = std::vector<std::uint8_t>;

constexpr std::size_t k_blob_header = 16;

const std::vector<tool::ImageContent>& models() {
  static const std::vector<tool::ImageContent> list = [] {
    std::vector<tool::ImageContent> made;
    for (const Kind kind : {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn}) {
      for (const Format recurrent : {Format::s8, Format::s16}) {
        made.push_back(test::random_model(
            {Type::s8, Format::token, 7, {9, 5}, 3, {.kinds = {kind}, .recurrent = recurrent}}, 1));
      }
      made.push_back(
          test::random_model({Type::f32, Format::token, 7, {9, 5}, 3, {.kinds = {kind}}}, 1));
    }
    return made;
  }();
  return list;
}

Blob save(const Stream& stream) {
  Blob blob(stream.save_bytes());
  fuzz::require(stream.save({blob.data(), blob.size()}) == Status::ok);
  return blob;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::doctest_stops();
  fuzz::Choices choices(data, size);
  const tool::ImageContent& content = models()[choices.below(12)];
  const bool help = choices.flag();
  test::Runner runner(content);
  runner.stream.step(3);
  const Blob before = save(runner.stream);
  Blob blob(choices.rest().begin(), choices.rest().end());
  if (help) {
    blob.resize(before.size());
    std::memcpy(blob.data(), before.data(), k_blob_header);
  }
  const Status status = runner.stream.restore({blob.data(), blob.size()});
  if (status != Status::ok) {
    fuzz::require(save(runner.stream) == before);
    return 0;
  }
  // Numbers out of their range were brought into it; what is saved now is taken as it is.
  const Blob taken = save(runner.stream);
  fuzz::require(runner.stream.restore({taken.data(), taken.size()}) == Status::ok);
  fuzz::require(save(runner.stream) == taken);
  for (std::uint32_t token = 0; token < 8; ++token) runner.stream.step(token);
  fuzz::require(runner.stream.argmax() < content.outputs);
  return 0;
}
