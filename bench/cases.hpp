// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the step benches measure: cells, shapes and ways of calling, and a network of random weights
// for each, made in code. Shared by bench_steps, bench_cells and tests/counts; nothing here takes
// the time.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <rondo/rondo.hpp>

#include "formats/loaded_image.hpp"
#include "naive.hpp"

namespace rondo::bench {

struct Size {
  std::uint32_t inputs, hidden;
};
constexpr Size k_sizes[] = {{1, 20}, {1, 40}, {32, 32}, {64, 64}, {57, 128}, {28, 256}, {256, 256}};
// Where all cells and ways of calling are measured, not only the LSTM.
constexpr bool is_wide_size(Size size) {
  return (size.inputs == 57 && size.hidden == 128) || (size.inputs == 256 && size.hidden == 256);
}
// "57x128"
std::string name_of(Size size);
// "lstm_s8/avx2/57x128"
std::string id_of(const char* name, const char* set, Size size);

// step: a call a step, with the input as the network has it (float, integer steps, a token).
// step_f32: the same from floats, which an int8 model makes into integer steps first.
// run: one call for k_run_steps steps.
enum class Call : std::uint8_t { step, step_f32, run };
constexpr std::size_t k_run_steps = 32;

struct Case {
  const char* name;
  Kind kind;
  Type type;
  Format input;
  Format recurrent;  // what U reads: s8 or s16 tell a8 from a16
  Call call;
  enum class At : std::uint8_t { all, wide, names } at;  // names: (57, 128), letters of names
  bool is_at(Size size) const {
    return at == At::all || (is_wide_size(size) && (at == At::wide || size.hidden == 128));
  }
};
// clang-format off
constexpr Case k_cases[] = {
    {"lstm_f32", Kind::lstm, Type::f32, Format::f32, Format::f32, Call::step, Case::At::all},
    {"lstm_s8", Kind::lstm, Type::s8, Format::s8, Format::s8, Call::step, Case::At::all},
    {"lstm_s8_a16", Kind::lstm, Type::s8, Format::s16, Format::s16, Call::step, Case::At::all},
    {"lstm_s8_from_f32", Kind::lstm, Type::s8, Format::s8, Format::s8, Call::step_f32,
     Case::At::wide},
    {"lstm_f32_token", Kind::lstm, Type::f32, Format::token, Format::f32, Call::step,
     Case::At::names},
    {"lstm_s8_token", Kind::lstm, Type::s8, Format::token, Format::s8, Call::step, Case::At::names},
    {"lstm_f32_run", Kind::lstm, Type::f32, Format::f32, Format::f32, Call::run, Case::At::all},
    {"lstm_s8_run", Kind::lstm, Type::s8, Format::s8, Format::s8, Call::run, Case::At::all},
    {"gru_f32", Kind::gru, Type::f32, Format::f32, Format::f32, Call::step, Case::At::wide},
    {"gru_s8", Kind::gru, Type::s8, Format::s8, Format::s8, Call::step, Case::At::wide},
    {"rnn_f32", Kind::rnn, Type::f32, Format::f32, Format::f32, Call::step, Case::At::wide},
    {"rnn_s8", Kind::rnn, Type::s8, Format::s8, Format::s8, Call::step, Case::At::wide},
};
// clang-format on

// The kernel sets this CPU can run; for floats one of those that share their table.
std::vector<Isa> sets_of(Type type);

// A network of one recurrent layer and a head that no step computes.
class Network {
 public:
  Network(const Case& which, Size size);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  const Model& model() const { return model_; }
  View<const std::uint8_t> image() const { return image_.bytes(); }
  // W and U as packed; of a token's W one column: what a step must read at least.
  std::vector<std::span<const std::uint8_t>> weights() const;
  std::size_t weight_bytes() const;
  std::size_t products() const;  // multiplications of a step

 private:
  tool::AlignedBytes image_;
  tool::AlignedBytes memory_;
  Model model_;
};

// One Stream on a network, and inputs to feed it.
class Player {
 public:
  Player(const Network& network, Call call, Isa isa);
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  void play(std::size_t calls);
  std::size_t steps_of_call() const { return call_ == Call::run ? k_run_steps : 1; }
  const Stream& stream() const { return stream_; }
  std::span<const float> inputs() const { return floats_; }  // (k_run_steps, I)

 private:
  Call call_;
  Format input_;
  std::size_t width_;
  tool::AlignedBytes memory_;
  Stream stream_;
  std::vector<float> floats_;
  std::vector<std::int16_t> steps_;
  std::vector<std::uint32_t> tokens_;
};

// The same LSTM, f32, for naive loops: of inputs in rows, or in columns.
NaiveLstm naive_rows_of(const Network& network);
NaiveLstm naive_columns_of(const Network& network);

}  // namespace rondo::bench
