/* SPDX-License-Identifier: MIT
   SPDX-FileCopyrightText: 2026 the rondo authors
   The runtime for C99 (and for C++ that wants no classes): a model that `rondo export` wrote, and
   the state of one sequence, in memory that the caller owns. No heap; nothing but init, save and
   restore can fail. The same code as behind model.hpp and stream.hpp, and the same scores. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#include "rondo/cells.hpp"
typedef rondo::Cell RondoCell;
extern "C" {
#else
/* What runs one kind of layer. Users only name them. */
typedef struct RondoCell RondoCell;
#endif

enum {
  rondo_version_major = 0,
  rondo_version_minor = 0,
  rondo_version_patch = 1,
  /* What init takes of the arena besides what the model needs; see NAME_c_arena_bytes in the
     exported header, which counts it in. */
  rondo_object_bytes = 13 * sizeof(void*) + 48
};
/* The version that is linked: major * 65536 + minor * 256 + patch. */
uint32_t rondo_version(void);

/* The cells. Only those that a program names are linked; an exported model names its own. In C++
   these are declared a second time, here in no namespace.
   NOLINTBEGIN(readability-redundant-declaration) */
extern const RondoCell rondo_lstm_s8;
extern const RondoCell rondo_gru_s8;
extern const RondoCell rondo_gru_before_s8;
extern const RondoCell rondo_rnn_s8;
extern const RondoCell rondo_linear_s8;
extern const RondoCell rondo_dense_s8;
extern const RondoCell rondo_pool_s8;
extern const RondoCell rondo_skip_s8;
extern const RondoCell rondo_lstm_f32;
extern const RondoCell rondo_gru_f32;
extern const RondoCell rondo_gru_before_f32;
extern const RondoCell rondo_rnn_f32;
extern const RondoCell rondo_linear_f32;
extern const RondoCell rondo_dense_f32;
extern const RondoCell rondo_pool_f32;
extern const RondoCell rondo_skip_f32;
/* NOLINTEND(readability-redundant-declaration) */

/* Why something could not be done: the values of rondo::Status, see status.hpp. */
typedef enum RondoStatus {
  rondo_ok = 0,
  rondo_image_misaligned,
  rondo_image_truncated,
  rondo_bad_magic,
  rondo_unsupported_version,
  rondo_crc_mismatch,
  rondo_bad_layout,
  rondo_bad_numbers,
  rondo_wrong_packing,
  rondo_cell_not_linked,
  rondo_arena_too_small,
  rondo_isa_not_available,
  rondo_wrong_model,
  rondo_bad_state,
  rondo_not_loaded
} RondoStatus;
/* Its name, such as "arena_too_small"; "unknown" for a value outside the list. */
const char* rondo_status_text(RondoStatus status);

/* An image and the cells that it needs: NAME_model of an exported model. Image and cells must stay
   where they are as long as a stream uses them. */
typedef struct RondoModel {
  const void* image; /* aligned to 4 */
  size_t image_bytes;
  const RondoCell* const* cells;
  size_t cells_count;
} RondoModel;

/* A model and the state of one sequence, somewhere in an arena. One stream belongs to one task. */
typedef struct RondoStream RondoStream;

/* Checks the image and says what init takes of an arena whose first byte is aligned as widely as
   NAME_arena_align says; of another one up to that many bytes more. For images that are not known
   when the program is compiled; else NAME_c_arena_bytes has the number. */
RondoStatus rondo_arena_bytes(const RondoModel* model, size_t* bytes);

/* Checks the image, takes what is needed of the arena and leaves there a stream at the start of a
   sequence. The arena belongs to it as long as it is used; nothing has to be given back. On failure
   *stream stays as it was. */
RondoStatus rondo_init(const RondoModel* model, void* arena, size_t arena_bytes,
                       RondoStream** stream);
/* The same for an image that the boot loader has verified: only offsets and shapes are checked, not
   the CRC and that no sum can overflow. A program that calls only this one links no such checks. */
RondoStatus rondo_init_verified(const RondoModel* model, void* arena, size_t arena_bytes,
                                RondoStream** stream);

/* Start of a sequence. */
void rondo_reset(RondoStream* stream);

/* One step; none of these fails. The wrong kind of step for a model counts as one without input.
   token: outside the vocabulary: no input. x: (inputs): floats; of int8 models NaN counts as the
   mean, infinities saturate. s16: in the steps of an int8 model with real input, no float code. */
void rondo_step_token(RondoStream* stream, uint32_t token);
void rondo_step_f32(RondoStream* stream, const float* x);
void rondo_step_s16(RondoStream* stream, const int16_t* x);

/* Many steps, with the same results. Bidirectional models, which have no single steps, read a whole
   sequence. x: (steps, inputs); scores: (steps, outputs) after each step, or NULL. */
void rondo_run_tokens(RondoStream* stream, const uint32_t* tokens, size_t steps, int32_t* scores);
void rondo_run_f32(RondoStream* stream, const float* x, size_t steps, float* scores);
void rondo_run_s16(RondoStream* stream, const int16_t* x, size_t steps, int32_t* scores);

/* Of one step, and how many scores there are. */
uint32_t rondo_inputs(const RondoStream* stream);
uint32_t rondo_outputs(const RondoStream* stream);

/* Scores after the last step, (outputs), until the next call for this stream: Q15.16 of int8
   models, floats of float models; NULL for the other kind. */
const int32_t* rondo_scores_s32(RondoStream* stream);
const float* rondo_scores_f32(RondoStream* stream);
/* Either kind as floats, and as shares of one. count: of `out`, at least outputs, or nothing is
   written. */
void rondo_scores(RondoStream* stream, float* out, size_t count);
void rondo_softmax(RondoStream* stream, float* out, size_t count);
/* The index of the greatest score, the lowest of equals. */
uint32_t rondo_argmax(RondoStream* stream);

/* Drawing the next token from the scores of an int8 model, in integers: the same tokens on every
   machine, see sample.hpp. temperature: Q16.16, so that 52429 is 0.8; 0 always takes the greatest.
   top_k: among that many of the greatest scores; 0: among all. rondo_sampling divides: call it once
   and keep the result. random: any seed at first. A float model gives its greatest score. */
typedef struct RondoSampling {
  uint32_t sharpness;
  uint32_t top_k;
} RondoSampling;
RondoSampling rondo_sampling(uint32_t temperature, uint32_t top_k);
uint32_t rondo_sample(RondoStream* stream, RondoSampling how, uint32_t* random);

/* The state as bytes, the same on every machine; only a stream of the same model takes it back.
   restore leaves the state as it was where it fails. */
size_t rondo_save_bytes(const RondoStream* stream);
RondoStatus rondo_save(const RondoStream* stream, void* blob, size_t bytes);
RondoStatus rondo_restore(RondoStream* stream, const void* blob, size_t bytes);

#ifdef __cplusplus
}
#endif
