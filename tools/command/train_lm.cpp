// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/train_lm.hpp"

#include <algorithm>
#include <cmath>

#include <rondo/crc32.hpp>

#include "command/language_model.hpp"
#include "command/training_run.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

NetShape shape_for(const LmOptions& o) {
  NetShape shape;
  shape.cell = o.cell;
  shape.input = InputKind::tokens;
  shape.inputs = shape.outputs = k_book_symbols.size();
  shape.hidden = o.hidden;
  shape.layers = o.layers;
  shape.head = Head::every_step;
  shape.dropout = o.dropout;
  return shape;
}

class BookTask : public TrainingTask {
 public:
  BookTask(const LmOptions& options, const Book& book)
      : o_(options),
        book_(book),
        trainer_({.shape = shape_for(options),
                  .optimizer = {options.optimizer, options.weight_decay, options.clip},
                  .initialization = options.init,
                  .seed = options.seed,
                  .threads = options.threads}),
        // Not the numbers of the first weights.
        batches_(book.side("train"), options.batch, options.steps, ~options.seed) {
    if (book.split.three_sides) valid_ = book.side("valid");
  }

  void start_epoch(std::size_t epoch) override { batches_.start_epoch(epoch); }
  bool pick() override { return batches_.next(pieces_); }
  TrainingBatch batch() override {
    fill_batch();
    return {batch_, 1.0, o_.batch * o_.steps};
  }
  // It is zero at the start of an epoch.
  bool carries_state() const override { return true; }
  double measure(json& line) override {
    line["perplexity"] = std::exp(line["loss"].get<double>());
    if (valid_.empty()) return 0;
    const double loss = validate();
    line["valid"] = {{"loss", loss}, {"bits_per_character", loss / std::log(2.0)}};
    return -loss;
  }
  Trainer::Largest largest() const override {
    // A batch was possible, so that there is one piece.
    const auto text = book_.side("train");
    const Sequence piece = {
        .tokens = text.first(o_.steps), .reals = {}, .targets = text.subspan(1, o_.steps)};
    if (valid_.empty()) return {piece, o_.batch, piece, 0};
    const std::size_t steps = std::min(k_strip_steps, length_of_strip());
    const Sequence strip = {
        .tokens = valid_.first(steps), .reals = {}, .targets = valid_.subspan(1, steps)};
    return {piece, o_.batch, strip, strips()};
  }
  std::string note(double loss) const override { return format("perplexity %.3f", std::exp(loss)); }

  Trainer& trainer() { return trainer_; }

  // What a run must have in common with the one that it goes on with.
  json identity() const {
    const std::vector<std::uint8_t> bytes(book_.tokens.begin(), book_.tokens.end());
    json identity = o_.settings;
    identity["cell"] = name_of(o_.cell);
    identity["hidden"] = o_.hidden;
    identity["layers"] = o_.layers;
    identity["dropout"] = o_.dropout;
    identity["split"] = to_json(o_.split);
    identity["data"] = crc32(bytes.data(), bytes.size());
    return identity;
  }

  std::size_t updates() const {
    if (o_.iterations > 0) return o_.iterations;
    std::size_t updates = 0;
    for (std::size_t epoch = 0; epoch < o_.epochs; ++epoch) updates += batches_.batches_of(epoch);
    return updates;
  }

 private:
  static constexpr std::size_t k_strips = 32, k_strip_steps = 100;

  void fill_batch() {
    batch_.clear();
    for (const BookPiece& piece : pieces_) {
      batch_.push_back({.tokens = piece.tokens, .reals = {}, .targets = piece.targets});
    }
  }

  std::size_t strips() const { return std::min(k_strips, valid_.size() - 1); }
  std::size_t length_of_strip() const { return (valid_.size() - 1) / strips(); }

  // The mean loss on the validation side, cut into strips that begin at the zero state: for the
  // choice of an epoch that is near enough, and many times faster than one symbol after another.
  double validate() {
    const std::size_t length = length_of_strip();
    State<float> state;
    double sum = 0;
    for (std::size_t at = 0; at < length; at += k_strip_steps) {
      const std::size_t steps = std::min(k_strip_steps, length - at);
      pieces_.clear();
      for (std::size_t b = 0; b < strips(); ++b) {
        const std::size_t first = b * length + at;
        pieces_.push_back({valid_.subspan(first, steps), valid_.subspan(first + 1, steps)});
      }
      fill_batch();
      sum += trainer_.evaluate(batch_, &state) * static_cast<double>(steps);
    }
    return sum / static_cast<double>(length);
  }

  const LmOptions& o_;
  const Book& book_;
  std::span<const std::uint32_t> valid_;  // empty: none
  Trainer trainer_;
  BookBatches batches_;
  std::vector<BookPiece> pieces_;
  std::vector<Sequence> batch_;
};

RunOptions run_options(const LmOptions& o, std::size_t updates) {
  RunOptions run;
  run.out = o.out;
  run.log = o.log;
  run.updates = updates;
  run.rate = o.rate;
  run.schedule = o.schedule;
  run.quantize_aware = o.quantize_aware;
  run.patience = o.patience;
  run.resume = o.resume;
  run.save_every = o.save_every;
  run.unit = "tokens";
  run.units = updates * o.batch * o.steps;
  return run;
}

Checkpoint checkpoint_of(const LmOptions& options, BookTask& task, const TrainingRun& run) {
  Checkpoint checkpoint;
  checkpoint.task = k_language_model;
  checkpoint.shape = task.trainer().shape();
  for (const char symbol : k_book_symbols) checkpoint.classes.emplace_back(1, symbol);
  checkpoint.alphabet = k_book_symbols;
  checkpoint.split = to_json(options.split);
  checkpoint.training = options.settings;
  checkpoint.training["kept_epoch"] = run.kept_epoch();
  checkpoint.tensors = task.trainer().save();
  return checkpoint;
}

std::string line_of(const char* side, const TextFigures& f) {
  return format("%-5s %9s symbols  %.3f bits per character  perplexity %.3f  %.1f %% foretold\n",
                side, grouped(f.count).c_str(), f.bits_per_character(), f.perplexity(),
                100 * f.accuracy);
}

}  // namespace

void train_lm(const LmOptions& options, const Console& console) {
  require_outputs(options.out, options.log, options.data);
  const Book book = load_book(options.data, options.split);
  BookTask task(options, book);
  TrainingRun run(run_options(options, task.updates()), task.trainer(), task, task.identity(),
                  {{"settings", options.settings}, {"tokens", book.tokens.size()}});
  run.train();
  Checkpoint checkpoint = checkpoint_of(options, task, run);
  json result = {{"checkpoint", options.out},
                 {"tokens", book.tokens.size()},
                 {"loss", run.loss()},
                 {"perplexity", std::exp(run.loss())},
                 {"kept_epoch", run.kept_epoch()},
                 {"seconds", run.seconds()},
                 {"memory", run.memory()},
                 {"tokens_per_second", run.units_per_second()}};
  std::string text = format(
      "%s: %.0f s, %s tokens/s, parameters of epoch %zu of %zu\n"
      "training perplexity of the last epoch: %.3f\n",
      options.out.c_str(), run.seconds(),
      grouped(static_cast<std::uint64_t>(run.units_per_second())).c_str(), run.kept_epoch(),
      run.epoch(), std::exp(run.loss()));
  if (options.split.three_sides) {
    LanguageModel model(checkpoint, options.out);
    for (const char* const side : {"test", "valid"}) {
      const TextFigures figures = model.measure(book.side(side));
      text += line_of(side, figures);
      result[side] = to_json(figures);
      checkpoint.training[side] = result[side];
    }
  } else {
    text += "all of the text was trained on: there is nothing to test on\n";
  }
  checkpoint.training["perplexity"] = result["perplexity"];
  run.finish(result, checkpoint);
  text.pop_back();
  console.say(text);
  console.result(result);
}

}  // namespace rondo::tool
