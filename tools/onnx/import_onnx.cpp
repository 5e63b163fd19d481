// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See import_onnx.hpp. Only nodes that the output needs are looked at, in the order of the file,
// which ONNX wants sorted.
#include "onnx/import_onnx.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "formats/loaded_image.hpp"
#include "onnx/chain.hpp"
#include "onnx/constants.hpp"
#include "onnx/recurrent.hpp"

namespace rondo::tool {
namespace {

class Tracer {
 public:
  Tracer(const OnnxGraph& graph, const std::string& place) : graph_(graph), place_(place) {
    if (graph.outputs.empty()) throw Error(place_, "the graph has no output");
    find_needed();
    for (const auto& [name, constant] : graph.constants) values_[name].constant = constant;
    begin();
  }

  ImportedModel run();

 private:
  void find_needed();
  void begin();
  void trace(const OnnxNode& node);
  std::vector<Value> outputs_of(const NodeView& view);
  Flow flow_behind(const NodeView& view);
  const std::string& output() const { return graph_.outputs.front().name; }

  const OnnxGraph& graph_;
  const std::string& place_;
  std::unordered_set<std::string> needed_;  // names of values
  std::unordered_map<std::string, Value> values_;
  std::string input_;
  Chain chain_;
  Budget budget_;
};

void Tracer::find_needed() {
  std::unordered_map<std::string, const OnnxNode*> maker;
  for (const OnnxNode& node : graph_.nodes) {
    for (const std::string& name : node.outputs) maker[name] = &node;
  }
  std::vector<std::string> open = {output()};
  while (!open.empty()) {
    const std::string name = std::move(open.back());
    open.pop_back();
    if (name.empty() || !needed_.insert(name).second) continue;
    const auto found = maker.find(name);
    if (found == maker.end()) continue;
    open.insert(open.end(), found->second->inputs.begin(), found->second->inputs.end());
  }
}

// The first input that the output needs is the model's; others are states that the caller would
// keep.
void Tracer::begin() {
  for (const OnnxValue& input : graph_.inputs) {
    if (needed_.count(input.name) == 0) continue;
    if (!input_.empty()) {
      values_[input.name].outside = true;
      continue;
    }
    input_ = input.name;
    if (input.dims.empty()) {
      throw Error(place_, "its input \"" + shown(input.name) + "\" has no shape",
                  "export with the shape of the input, sizes of time and batch may be open");
    }
    Flow flow;
    flow.tokens = !is_real(input.type);
    for (std::size_t i = 0; i < input.dims.size(); ++i) {
      flow.axes.push_back({static_cast<int>(i), input.dims[i]});
    }
    values_[input.name].flow = flow;
  }
  if (input_.empty())
    throw Error(place_, "its output \"" + shown(output()) + "\" depends on no input");
}

// Nodes that make or change layers: the flow behind them.
Flow Tracer::flow_behind(const NodeView& view) {
  const std::string& op = view.node.op;
  const bool both = view.flow(0) != nullptr && view.flow(1) != nullptr;
  if (op == "MatMul" || op == "Gemm") {
    return op == "Gemm" ? chain_.gemm(view) : chain_.mat_mul(view);
  }
  if (op == "Gather") return chain_.embedding(view);
  if (op == "OneHot") return chain_.one_hot(view);
  if (op == "Concat") return chain_.join(view);
  if (op == "Add" && both) return chain_.skip(view);
  if (op == "Add" || op == "Sub" || op == "Mul" || op == "Div") {
    if (both) view.refuse("joins two branches of the network by " + op);
    return chain_.scale_shift(view);
  }
  if (view.flow(0) != nullptr) {
    if (op == "Relu" || op == "Tanh" || op == "Sigmoid") return chain_.activation(view);
    if (op == "ReduceMean" || op == "ReduceMax") return chain_.pool(view);
    if (op == "BatchNormalization") return chain_.normalization(view);
    if (op == "Softmax" || op == "LogSoftmax" || op == "ArgMax") return chain_.finish(view);
  }
  view.refuse("is an operator that rondo does not understand here",
              "understood: RNN, GRU, LSTM, dense layers, embeddings, pooling over time, and what "
              "exporters put between them");
}

std::vector<Value> Tracer::outputs_of(const NodeView& view) {
  const std::string& op = view.node.op;
  if (!view.node.domain.empty() && view.node.domain != "ai.onnx") {
    view.refuse("is of the foreign domain \"" + shown(view.node.domain) + "\"");
  }
  if (op == "LSTM" || op == "GRU" || op == "RNN") return add_recurrent(view, chain_);
  bool has_flow = false, outside = false;
  for (std::size_t i = 0; i < view.inputs(); ++i) {
    const Value* const value = view.input(i);
    if (value == nullptr) continue;
    has_flow = has_flow || value->flow.has_value();
    outside = outside || value->outside;
  }
  std::vector<Value> outputs;
  if (outside) {
    if (has_flow)
      view.refuse("joins the model's input \"" + shown(input_) + "\" and another input");
    outputs.resize(view.node.outputs.size());
    for (Value& value : outputs) value.outside = true;
    return outputs;
  }
  std::vector<Constant> constants;
  if (!has_flow) {
    constants = evaluate(view, budget_);
  } else if (op == "Shape" && view.flow(0) != nullptr) {
    constants = {shape_of(view, *view.flow(0))};
  } else if (moves_axes(op) && view.flow(0) != nullptr) {
    for (Flow& flow : move_axes(view, chain_.roles)) outputs.emplace_back(std::move(flow));
  } else {
    outputs.emplace_back(flow_behind(view));
  }
  for (Constant& constant : constants) {
    outputs.emplace_back(std::move(constant));
  }
  return outputs;
}

void Tracer::trace(const OnnxNode& node) {
  const auto is_needed = [&](const std::string& name) { return needed_.count(name) != 0; };
  if (std::none_of(node.outputs.begin(), node.outputs.end(), is_needed)) return;
  std::vector<const Value*> inputs;
  for (const std::string& name : node.inputs) {
    const auto found = values_.find(name);
    if (!name.empty() && found == values_.end()) {
      throw Error(place_, "node \"" + shown(node.name) + "\" (" + shown(node.op) + ") reads \"" +
                              shown(name) + "\", which no node before it has made");
    }
    inputs.push_back(name.empty() ? nullptr : &found->second);
  }
  const NodeView view(node, graph_, place_, std::move(inputs));
  for (std::size_t i = 0; i < view.inputs(); ++i) {
    const Value* const value = view.input(i);
    if (value != nullptr && !value->lost.empty()) view.refuse("reads " + value->lost);
  }
  std::vector<Value> outputs = outputs_of(view);
  for (std::size_t i = 0; i < std::min(outputs.size(), node.outputs.size()); ++i) {
    if (!node.outputs[i].empty()) values_[node.outputs[i]] = std::move(outputs[i]);
  }
}

// The runtime has the last word on what it can run.
void require_loadable(ImageContent content, const std::string& place) {
  const bool pairs = std::any_of(content.layers.begin(), content.layers.end(),
                                 [](const auto& l) { return l.direction != Direction::only; });
  content.max_steps = pairs ? 1 : 0;
  const AlignedBytes image(pack(content, Packing::host));
  ArenaBytes bytes{};
  if (Model::measure(image.bytes(), all_cells(), bytes) != Status::ok) {
    throw Error(place, "its layers were understood, but do not make a chain that rondo runs",
                "expected recurrent layers, dense layers before, between and behind them, pooling "
                "over time");
  }
}

// What `rondo export` wrote beside the graph; others may have used the same words otherwise.
void add_metadata(const OnnxGraph& graph, ImportedModel& model) {
  const auto text = [&](const char* key) {
    const auto found = graph.metadata.find(key);
    return found == graph.metadata.end() ? std::string() : found->second;
  };
  const auto classes = nlohmann::json::parse(text("classes"), nullptr, false);
  const bool words = classes.is_array() && classes.size() == model.content.outputs &&
                     std::all_of(classes.begin(), classes.end(),
                                 [](const nlohmann::json& c) { return c.is_string(); });
  if (words) model.classes = classes.get<std::vector<std::string>>();
  const auto is_printable = [](const std::string& word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= ' ' && c <= '~'; });
  };
  const std::string alphabet = text("alphabet"), task = text("task");
  const bool fits = alphabet.size() == model.content.inputs && model.content.input == Format::token;
  if (fits && is_printable(alphabet)) model.source["alphabet"] = alphabet;
  if (!task.empty() && is_printable(task)) model.source["task"] = task;
}

ImportedModel Tracer::run() {
  for (const OnnxNode& node : graph_.nodes) trace(node);
  const auto found = values_.find(output());
  if (found == values_.end())
    throw Error(place_, "no node makes its output \"" + shown(output()) + "\"");
  const Value& value = found->second;
  if (!value.flow) {
    throw Error(place_, "its output \"" + shown(output()) + "\" is " +
                            (value.lost.empty() ? "no function of the input" : value.lost));
  }
  const Flow& flow = *value.flow;
  if (flow.layers != chain_.links.size() || flow.edits != chain_.edits || flow.half != Half::both) {
    throw Error(place_,
                "its output \"" + shown(output()) + "\" is not the outputs of its last layer");
  }
  ImportedModel model;
  for (std::size_t i = 1; i < graph_.outputs.size(); ++i) {
    chain_.notes.push_back("output \"" + shown(graph_.outputs[i].name) + "\" is left out");
  }
  model.content = chain_.content(flow, place_);
  require_loadable(model.content, place_);
  for (const Link& link : chain_.links) {
    model.understood.push_back(link.text + ", " + std::to_string(link.layer.inputs) + " -> " +
                               std::to_string(link.layer.outputs));
  }
  model.understood.insert(model.understood.end(), chain_.notes.begin(), chain_.notes.end());
  const int time = chain_.roles.time;
  const auto counts_steps = [time](const Axis& a) { return a.id == time || a.id == k_merged_axis; };
  const bool every =
      time == k_one_axis || std::any_of(flow.axes.begin(), flow.axes.end(), counts_steps);
  model.source = {{"format", "onnx"},
                  {"file", place_},
                  {"producer", shown(graph_.producer)},
                  {"opset", graph_.opset},
                  {"input", shown(input_)},
                  {"output", shown(output())},
                  {"answers", every ? "every_step" : "last_step"},
                  {"softmax", !flow.end.empty()},
                  {"notes", chain_.notes}};
  add_metadata(graph_, model);
  return model;
}

}  // namespace

ImportedModel import_onnx(Bytes file, const std::string& place) {
  const OnnxGraph graph = read_onnx_graph(file, place);
  return Tracer(graph, place).run();
}

}  // namespace rondo::tool
