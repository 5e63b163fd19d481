// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo.h: what takes or gives floats.
#include "model/c_stream.hpp"

void rondo_step_f32(RondoStream* stream, const float* x) {
  stream->stream.step_f32(x);
}

void rondo_run_f32(RondoStream* stream, const float* x, size_t steps, float* scores) {
  stream->stream.run_f32(x, steps, scores);
}

void rondo_scores(RondoStream* stream, float* out, size_t count) {
  stream->stream.scores({out, count});
}

void rondo_softmax(RondoStream* stream, float* out, size_t count) {
  stream->stream.softmax({out, count});
}
