// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo.h: drawing the next token. Its own file: who does not draw does not link it.
#include <rondo/sample.hpp>

#include "model/c_stream.hpp"

RondoSampling rondo_sampling(uint32_t temperature, uint32_t top_k) {
  const rondo::Sampling how = rondo::sampling(temperature, top_k);
  return {how.sharpness, how.top_k};
}

uint32_t rondo_sample(RondoStream* stream, RondoSampling how, uint32_t* random) {
  if (stream->model.type() != rondo::Type::s8) return stream->stream.argmax();
  return rondo::sample({stream->stream.scores_s32(), stream->model.outputs()},
                       {how.sharpness, how.top_k}, *random);
}
