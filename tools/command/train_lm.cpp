// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/train_lm.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>

#include <rondo/crc32.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/language_model.hpp"
#include "report/progress.hpp"
#include "train/fake_quantize.hpp"
#include "train/snapshot.hpp"

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

std::vector<Sequence> batch_of(const std::vector<BookPiece>& pieces) {
  std::vector<Sequence> batch;
  batch.reserve(pieces.size());
  for (const BookPiece& piece : pieces) {
    batch.push_back({.tokens = piece.tokens, .reals = {}, .targets = piece.targets});
  }
  return batch;
}

// The parameters to keep: those of the last epoch, with patience those of the best so far.
struct Kept {
  std::vector<float> parameters;
  double loss = std::numeric_limits<double>::infinity();
  std::size_t epoch = 0;
};

class Run {
 public:
  Run(const LmOptions& options, const Book& book)
      : o_(options),
        book_(book),
        trainer_({.shape = shape_for(options),
                  .optimizer = {options.optimizer, options.weight_decay, options.clip},
                  .initialization = options.init,
                  .seed = options.seed,
                  .threads = options.threads}),
        // Not the numbers of the first weights.
        batches_(book.side("train"), options.batch, options.steps, ~options.seed),
        updates_(count_updates()),
        progress_(updates_ * options.batch * options.steps, "tokens"),
        log_(options.log),
        snapshots_(options.out, identity(), options.save_every, options.resume) {
    if (book.split.three_sides) valid_ = book.side("valid");
  }

  Checkpoint train() {
    std::size_t epoch = 1;
    bool more = true;
    if (const auto before = snapshots_.restore(trainer_, kept_.parameters)) {
      epoch = go_on_from(*before) + 1;
    } else {
      log_.write({{"event", "start"}, {"settings", o_.settings}, {"tokens", book_.tokens.size()}});
    }
    for (; more && epoch <= o_.epochs; ++epoch) {
      batches_.start_epoch(epoch - 1);
      loss_ = train_epoch();
      if (!std::isfinite(std::exp(loss_))) {
        throw Error("epoch " + std::to_string(epoch),
                    "loss " + std::to_string(loss_) + ", whose perplexity is no number any more",
                    "training diverged: lower --lr or set --clip 1");
      }
      more = keep_or_stop(epoch);
      if (more) snapshots_.offer(trainer_, kept_.parameters, state_after(epoch));
    }
    std::copy(kept_.parameters.begin(), kept_.parameters.end(), trainer_.parameters().begin());
    Checkpoint checkpoint;
    checkpoint.task = k_language_model;
    checkpoint.shape = trainer_.shape();
    for (const char symbol : k_book_symbols) checkpoint.classes.emplace_back(1, symbol);
    checkpoint.alphabet = k_book_symbols;
    checkpoint.split = to_json(o_.split);
    checkpoint.training = o_.settings;
    checkpoint.training["kept_epoch"] = kept_.epoch;
    checkpoint.tensors = trainer_.save();
    return checkpoint;
  }

  double loss() const { return loss_; }  // of the last epoch
  double seconds() const { return seconds_before_ + progress_.seconds(); }
  double tokens_per_second() const { return static_cast<double>(seen_) / train_seconds_; }
  std::size_t kept_epoch() const { return kept_.epoch; }
  // Before the checkpoint is written: where that stands, the log is complete.
  void log_end(json result) {
    result["event"] = "end";
    log_.write(result);
    progress_.close();
  }
  void remove_snapshot() const { snapshots_.remove(); }

 private:
  // What a run must have in common with the one that it goes on with.
  json identity() const {
    const std::vector<std::uint8_t> bytes(book_.tokens.begin(), book_.tokens.end());
    json identity = o_.settings;
    identity["data"] = crc32(bytes.data(), bytes.size());
    return identity;
  }

  // What the next epoch depends on besides the trainer and what is kept.
  json state_after(std::size_t epoch) const {
    // Infinity, of a text without a validation side, is no JSON.
    return {{"epoch", epoch},
            {"kept_epoch", kept_.epoch},
            {"kept_loss", std::isfinite(kept_.loss) ? json(kept_.loss) : json()},
            {"loss", loss_},
            {"seen", seen_},
            {"seconds", seconds()},
            {"train_seconds", train_seconds_},
            {"log", log_.lines()}};
  }
  std::size_t go_on_from(const json& state) {
    kept_.epoch = state.at("kept_epoch").get<std::size_t>();
    if (state.at("kept_loss").is_number()) kept_.loss = state.at("kept_loss").get<double>();
    loss_ = state.at("loss").get<double>();
    seen_ = state.at("seen").get<std::size_t>();
    seconds_before_ = state.at("seconds").get<double>();
    train_seconds_ = state.at("train_seconds").get<double>();
    log_.restore(state.at("log"));
    return state.at("epoch").get<std::size_t>();
  }

  std::size_t count_updates() const {
    std::size_t updates = 0;
    for (std::size_t epoch = 0; epoch < o_.epochs; ++epoch) updates += batches_.batches_of(epoch);
    return updates;
  }

  // The mean loss. The state is zero at the start and goes from mini-batch to mini-batch.
  double train_epoch() {
    const double start = progress_.seconds();
    State<float> state;
    double sum = 0;
    std::size_t batches = 0;
    while (batches_.next(pieces_)) {
      trainer_.set_quantize_aware(o_.quantize_aware &&
                                  is_rounded_part(trainer_.updates(), updates_));
      const double rate = scheduled_rate(o_.schedule, o_.rate, trainer_.updates(), updates_);
      sum += trainer_.train_batch(batch_of(pieces_), rate, &state);
      ++batches;
      seen_ += o_.batch * o_.steps;
      progress_.update(seen_,
                       format("perplexity %.3f", std::exp(sum / static_cast<double>(batches))));
    }
    train_seconds_ += progress_.seconds() - start;
    return sum / static_cast<double>(batches);
  }

  // The mean loss on the validation side, cut into strips that begin at the zero state: for the
  // choice of an epoch that is near enough, and many times faster than one symbol after another.
  double validate() {
    constexpr std::size_t k_strips = 32, k_steps = 100;
    const std::size_t strips = std::min(k_strips, valid_.size() - 1);
    const std::size_t length = (valid_.size() - 1) / strips;
    State<float> state;
    double sum = 0;
    for (std::size_t at = 0; at < length; at += k_steps) {
      const std::size_t steps = std::min(k_steps, length - at);
      pieces_.clear();
      for (std::size_t b = 0; b < strips; ++b) {
        const std::size_t first = b * length + at;
        pieces_.push_back({valid_.subspan(first, steps), valid_.subspan(first + 1, steps)});
      }
      sum += trainer_.evaluate(batch_of(pieces_), &state) * static_cast<double>(steps);
    }
    return sum / static_cast<double>(length);
  }

  // False where patience is at its end.
  bool keep_or_stop(std::size_t epoch) {
    json line = {{"event", "epoch"},
                 {"epoch", epoch},
                 {"loss", loss_},
                 {"perplexity", std::exp(loss_)},
                 {"gradient_norm", trainer_.gradient_norm()},
                 {"seconds", seconds()}};
    double loss = 0;
    if (!valid_.empty()) {
      loss = validate();
      line["valid"] = {{"loss", loss}, {"bits_per_character", loss / std::log(2.0)}};
    }
    log_.write(line);
    if (loss < kept_.loss || o_.patience == 0) {
      kept_.loss = loss;
      kept_.epoch = epoch;
      kept_.parameters.assign(trainer_.parameters().begin(), trainer_.parameters().end());
    }
    return o_.patience == 0 || epoch - kept_.epoch < o_.patience;
  }

  const LmOptions& o_;
  const Book& book_;
  std::span<const std::uint32_t> valid_;  // empty: none
  Trainer trainer_;
  BookBatches batches_;
  std::size_t updates_;  // of the whole run
  Progress progress_;
  RunLog log_;
  Snapshots snapshots_;
  Kept kept_;
  std::vector<BookPiece> pieces_;
  double loss_ = 0;
  std::size_t seen_ = 0;  // tokens
  double train_seconds_ = 0;
  double seconds_before_ = 0;  // of the run that this one goes on with
};

std::string line_of(const char* side, const TextFigures& f) {
  return format("%-5s %9s symbols  %.3f bits per character  perplexity %.3f  %.1f %% foretold\n",
                side, grouped(f.count).c_str(), f.bits_per_character(), f.perplexity(),
                100 * f.accuracy);
}

}  // namespace

void train_lm(const LmOptions& options, const Console& console) {
  require_writable(options.out);
  if (!options.log.empty()) {
    require_writable(options.log);
    require_other_file(options.log, options.data);
    if (std::filesystem::absolute(options.log) == std::filesystem::absolute(options.out)) {
      throw Error("--log", "is the same file as --out", "name another");
    }
  }
  require_other_file(options.out, options.data);
  const Book book = load_book(options.data, options.split);
  Run run(options, book);
  Checkpoint checkpoint = run.train();
  json result = {{"checkpoint", options.out},
                 {"tokens", book.tokens.size()},
                 {"loss", run.loss()},
                 {"perplexity", std::exp(run.loss())},
                 {"kept_epoch", run.kept_epoch()},
                 {"seconds", run.seconds()},
                 {"tokens_per_second", run.tokens_per_second()}};
  std::string text = format(
      "%s: %.0f s, %s tokens/s, parameters of epoch %zu of %zu\n"
      "training perplexity of the last epoch: %.3f\n",
      options.out.c_str(), run.seconds(),
      grouped(static_cast<std::uint64_t>(run.tokens_per_second())).c_str(), run.kept_epoch(),
      options.epochs, std::exp(run.loss()));
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
  run.log_end(result);
  write_checkpoint(options.out, checkpoint);
  run.remove_snapshot();
  text.pop_back();
  console.say(text);
  console.result(result);
}

}  // namespace rondo::tool
