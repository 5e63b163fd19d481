/* SPDX-License-Identifier: MIT
   SPDX-FileCopyrightText: 2026 the rondo authors
   run_header.cpp in C: a program that knows rondo by rondo.h and a model by its exported header. It
   is C99 without any extension. meson.build includes the header on the command line. */
#include <stdio.h>
#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define OF_MODEL(name) JOIN(MODEL, name)

enum { arena_bytes = OF_MODEL(_c_arena_bytes), align = OF_MODEL(_arena_align) };

static unsigned char memory[2 * arena_bytes + align];
static unsigned char blob[4096];
static uint32_t image[OF_MODEL(_image_bytes) / 4];
static int failures = 0;

static void check(int good, const char* what) {
  if (good) return;
  printf("%s\n", what);
  ++failures;
}

/* The address of memory, or the next one that is aligned. */
static unsigned char* arena(void) {
  return memory + (align - (uintptr_t)memory % align) % align;
}

static void take_steps(RondoStream* stream, int steps) {
  int i;
  for (i = 0; i < steps; ++i) {
#ifdef MODEL_IS_TOKENS
    rondo_step_token(stream, OF_MODEL(_self_test_input)[i]);
#elif defined(MODEL_IS_REALS)
    rondo_step_s16(stream, OF_MODEL(_self_test_input) + i * OF_MODEL(_inputs));
#else
    const float x[OF_MODEL(_inputs)] = {1.0F, -2.0F, (float)i};
    rondo_step_f32(stream, x);
#endif
  }
}

static void scores_of(RondoStream* stream, float* scores) {
  rondo_scores(stream, scores, OF_MODEL(_outputs));
}

static void start(RondoStream** stream) {
  const RondoModel* const model = &OF_MODEL(_model);
  RondoModel other = *model;
  size_t bytes = 0;
  check(rondo_arena_bytes(model, &bytes) == rondo_ok && bytes == arena_bytes,
        "the size of the arena is another one than in the header");
  check(rondo_init(model, arena(), arena_bytes - 1, stream) == rondo_arena_too_small &&
            rondo_init(model, arena(), 0, stream) == rondo_arena_too_small && *stream == NULL,
        "an arena that is too small was taken");
  other.cells_count = 1;
  check(rondo_init(&other, arena(), arena_bytes, stream) == rondo_cell_not_linked,
        "a list without the head was taken");
  other = *model;
  other.image_bytes -= 4;
  check(rondo_init(&other, arena(), arena_bytes, stream) == rondo_image_truncated &&
            rondo_arena_bytes(&other, &bytes) == rondo_image_truncated && *stream == NULL,
        "an image that is cut off was taken");
  memset(memory, 0xA5, sizeof memory);
  check(rondo_init(model, arena(), arena_bytes, stream) == rondo_ok, "init failed");
  check(arena()[arena_bytes] == 0xA5, "more than the arena was written");
}

/* Where the boot loader has looked at the CRC, nobody looks again. */
static void start_verified(void) {
  RondoModel other = OF_MODEL(_model);
  RondoStream* stream = NULL;
  memcpy(image, other.image, sizeof image);
  image[1] ^= 1; /* the CRC */
  other.image = image;
  check(rondo_init(&other, arena(), arena_bytes, &stream) == rondo_crc_mismatch && stream == NULL,
        "a damaged image was taken");
  check(rondo_init_verified(&other, arena(), arena_bytes, &stream) == rondo_ok && stream != NULL,
        "a verified image was refused");
  other.image_bytes -= 4;
  check(rondo_init_verified(&other, arena(), arena_bytes, &stream) == rondo_image_truncated,
        "an image that is cut off was taken for verified");
}

/* A second stream goes on where the first one was saved. */
static void save_and_restore(RondoStream* stream) {
  RondoStream* other = NULL;
  const size_t bytes = rondo_save_bytes(stream);
  float here[OF_MODEL(_outputs)], there[OF_MODEL(_outputs)];
  check(bytes <= sizeof blob && rondo_save(stream, blob, bytes - 1) == rondo_bad_state &&
            rondo_save(stream, blob, bytes) == rondo_ok,
        "save failed");
  check(rondo_init(&OF_MODEL(_model), arena() + arena_bytes, arena_bytes, &other) == rondo_ok,
        "a second stream does not start");
  if (other == NULL) return;
  check(rondo_restore(other, blob, bytes - 1) == rondo_bad_state, "half a state was restored");
  check(rondo_restore(other, blob, bytes) == rondo_ok, "restore failed");
  take_steps(stream, 3);
  take_steps(other, 3);
  scores_of(stream, here);
  scores_of(other, there);
  check(memcmp(here, there, sizeof here) == 0, "the restored stream went another way");
  blob[8] ^= 1; /* the model's identity */
  check(rondo_restore(other, blob, bytes) == rondo_wrong_model, "another model's state restored");
}

static void check_scores(RondoStream* stream) {
  float floats[OF_MODEL(_outputs)], shares[OF_MODEL(_outputs)], again[OF_MODEL(_outputs)];
  float sum = 0.0F;
  uint32_t i, best = 0;
  scores_of(stream, floats);
#ifdef MODEL_IS_FLOATS
  check(rondo_scores_s32(stream) == NULL &&
            memcmp(rondo_scores_f32(stream), floats, sizeof floats) == 0,
        "the scores of a float model are floats");
#else
  check(memcmp(rondo_scores_s32(stream), OF_MODEL(_self_test_scores),
               sizeof OF_MODEL(_self_test_scores)) == 0,
        "the self-test failed");
  check(rondo_scores_f32(stream) == NULL, "the scores of an int8 model are integers");
#endif
  rondo_softmax(stream, shares, OF_MODEL(_outputs));
  for (i = 0; i < OF_MODEL(_outputs); ++i) {
    if (floats[i] > floats[best]) best = i;
    sum += shares[i];
  }
  check(rondo_argmax(stream) == best, "argmax names another score");
  check(sum > 0.999F && sum < 1.001F && shares[best] >= 1.0F / OF_MODEL(_outputs),
        "these are no shares of one");
  rondo_reset(stream);
  take_steps(stream, OF_MODEL(_self_test_steps));
  scores_of(stream, again);
  check(memcmp(floats, again, sizeof floats) == 0, "reset does not lead back to the start");
}

int main(void) {
  RondoStream* stream = NULL;
  start_verified();
  start(&stream);
  if (stream == NULL) return 1;
  check(rondo_inputs(stream) == OF_MODEL(_inputs) && rondo_outputs(stream) == OF_MODEL(_outputs),
        "inputs or outputs are others than in the header");
  take_steps(stream, OF_MODEL(_self_test_steps));
  check_scores(stream);
  save_and_restore(stream);
  check(strcmp(rondo_status_text(rondo_arena_too_small), "arena_too_small") == 0 &&
            strcmp(rondo_status_text(rondo_not_loaded), "not_loaded") == 0,
        "a status has another name");
  return failures == 0 ? 0 : 1;
}
