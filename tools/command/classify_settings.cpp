// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The options of `train classify`: whether they make sense, what net they mean, how files tell
// them.
#include <cmath>

#include "base/error.hpp"
#include "command/train_classify.hpp"

namespace rondo::tool {

using nlohmann::json;

void require_sensible(const ClassifyOptions& o) {
  // A negative number arrives here as a huge one.
  constexpr std::size_t k_most = 1000000;
  if (o.epochs < 1 || o.epochs > k_most) throw Error("--epochs", "must be 1 to 1000000");
  if (o.batch < 1 || o.batch > k_most) throw Error("--batch", "must be 1 to 1000000");
  if (o.iterations > k_most * 1000) throw Error("--iterations", "must be 0 to 1000000000");
  if (o.patience > k_most) throw Error("--patience", "must be 0 to 1000000");
  if (!(o.rate > 0) || !std::isfinite(o.rate)) throw Error("--lr", "must be greater than 0");
  if (!(o.save_every >= 0)) throw Error("--save-every", "must be 0 or more");
  if (o.threads > 64) throw Error("--threads", "must be at most 64");
  if (!(o.clip >= 0) || !(o.weight_decay >= 0) || !std::isfinite(o.clip + o.weight_decay)) {
    throw Error("--clip, --weight-decay", "must be 0 or more");
  }
  if (!(o.logit_adjust >= 0 && o.logit_adjust <= 10)) {
    throw Error("--logit-adjust", "must be 0 to 10", "0.5 is between plain and balanced");
  }
  if (o.logit_adjust > 0 && o.sampling == Sampling::balanced) {
    throw Error("--logit-adjust", "is for --sampling natural",
                "balanced sampling has drawn all classes alike already");
  }
  if (o.quantize_aware && (o.cell == CellKind::classroom || o.cell == CellKind::relu)) {
    throw Error("--quantize-aware", "is of no use to a cell that no int8 model can have",
                "use --cell lstm, gru or rnn");
  }
  const auto is_share = [](double x) { return x >= 0 && x < 1; };
  if (!is_share(o.augmentation.late_start) || !is_share(o.augmentation.token_dropout)) {
    throw Error("--late-start, --token-dropout", "must be at least 0 and below 1");
  }
}

NetShape shape_for(const ClassifyOptions& o, const NamesData& data) {
  NetShape shape;
  shape.cell = o.cell;
  shape.input = InputKind::tokens;
  shape.inputs = data.alphabet.size();
  shape.hidden = o.hidden;
  shape.layers = o.layers;
  shape.head = Head::last_step;
  shape.outputs = data.classes.size();
  shape.dropout = o.dropout;
  shape.bidirectional = o.bidirectional;
  return shape;
}

RunOptions run_options_of(const ClassifyOptions& o) {
  RunOptions run;
  run.out = o.out;
  run.log = o.log;
  run.rate = o.rate;
  run.schedule = o.schedule;
  run.quantize_aware = o.quantize_aware;
  run.patience = o.patience;
  run.resume = o.resume;
  run.save_every = o.save_every;
  return run;
}

RunOptions run_options_of(const ClassifyOptions& o, std::size_t names) {
  RunOptions run = run_options_of(o);
  run.updates = o.iterations > 0 ? o.iterations : o.epochs * ((names + o.batch - 1) / o.batch);
  run.unit = "names";
  run.units = o.iterations > 0 ? o.iterations * o.batch : o.epochs * names;
  return run;
}

json settings_of(const ClassifyOptions& o) {
  const char* const schedules[] = {"constant", "step", "cosine", "one-cycle"};
  const char* const inits[] = {"uniform", "normal", "xavier", "kaiming"};
  return {{"optimizer", o.optimizer == OptimizerKind::adam ? "adam" : "sgd"},
          {"lr", o.rate},
          {"schedule", schedules[static_cast<std::size_t>(o.schedule)]},
          {"init", inits[static_cast<std::size_t>(o.init)]},
          {"clip", o.clip},
          {"weight_decay", o.weight_decay},
          {"late_start", o.augmentation.late_start},
          {"token_dropout", o.augmentation.token_dropout},
          {"batch", o.batch},
          {"epochs", o.epochs},
          {"iterations", o.iterations},
          {"patience", o.patience},
          {"sampling", o.sampling == Sampling::natural ? "natural" : "balanced"},
          {"logit_adjust", o.logit_adjust},
          {"quantize_aware", o.quantize_aware},
          {"seed", o.seed},
          {"threads", o.threads},
          {"cell", name_of(o.cell)},
          {"hidden", o.hidden},
          {"layers", o.layers},
          {"bidirectional", o.bidirectional},
          {"dropout", o.dropout}};
}

}  // namespace rondo::tool
