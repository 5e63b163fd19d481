// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// bench_steps: what one step takes at batch 1, activations and state included, beside the memory
// limit and naive loops, as a table to check. --json writes it for tools/report/figures.py and
// bench/peers.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "command/arguments.hpp"
#include "memory_limit.hpp"
#include "step_table.hpp"

namespace rondo::bench {
namespace {

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "CPU without a name";
}

std::vector<std::string> set_names() {
  std::vector<std::string> names;
  for (const Isa isa : sets_of(Type::s8)) names.emplace_back(rondo::name_of(isa));
  return names;
}

nlohmann::json description(std::size_t rounds) {
  return {{"cpu", cpu_name()},          {"compiler", RONDO_BENCH_COMPILER},
          {"flags", RONDO_BENCH_FLAGS}, {"limit", widest_load_name()},
          {"sets", set_names()},        {"rounds", rounds}};
}

void print_head(const nlohmann::json& about) {
  std::printf("%s; %s; %s\n", about["cpu"].get<std::string>().c_str(), RONDO_BENCH_COMPILER,
              RONDO_BENCH_FLAGS);
  std::printf("kernel sets: %s\n", about["sets"].dump().c_str());
  std::printf(
      "x limit: against merely loading the same weights, %s; x own: with loads as wide as\n"
      "the set's registers; x naive: how many times as fast as naive_rows of this shape\n",
      widest_load_name());
  std::printf("ns: of a step, the least of %zu bursts taken in turns\n",
              about["rounds"].get<std::size_t>());
}

void report(const StepTable& table, nlohmann::json& rows) {
  std::printf("\n%-17s %-12s %8s %10s %8s %8s %8s %7s %7s\n", name_of(table.size()).c_str(), "set",
              "bytes", "ns/step", "x limit", "x own", "x naive", "GOP/s", "GB/s");
  for (const Row& row : table.rows()) {
    const double ns = table.ns(row), naive = table.naive_ns();
    const double limit = table.limit_ns(row), own_limit = table.own_limit_ns(row);
    std::printf("%-17s %-12s %8zu %10.1f %8.2f %8.2f %8.1f %7.1f %7.1f\n", row.name, row.set,
                row.bytes, ns, ns / limit, ns / own_limit, naive / ns,
                2 * static_cast<double>(row.products) / ns, static_cast<double>(row.bytes) / ns);
    rows.push_back({{"name", row.name},
                    {"set", row.set},
                    {"size", name_of(table.size())},
                    {"bytes", row.bytes},
                    {"products", row.products},
                    {"ns", ns},
                    {"limit_ns", limit},
                    {"own_limit_ns", own_limit},
                    {"naive_ns", naive}});
  }
  std::fflush(stdout);
}

// A shared machine has slow spells of a second: the shapes are gone through more than once.
constexpr std::size_t k_passes = 4;

void run(const std::string& only, std::size_t rounds, const std::string& json) {
  if (rounds < 1 || rounds > 100000) throw std::runtime_error("--rounds: expected 1 to 100000");
  std::vector<std::unique_ptr<StepTable>> tables;
  for (const Size size : k_sizes) {
    auto table = std::make_unique<StepTable>(size, std::regex(only));
    if (table->has_cases()) tables.push_back(std::move(table));
  }
  if (tables.empty()) throw std::runtime_error("no row is called " + only);
  for (std::size_t pass = 0; pass < k_passes; ++pass) {
    for (const auto& table : tables) table->measure((rounds + k_passes - 1) / k_passes);
  }
  nlohmann::json result = description(rounds);
  print_head(result);
  result["rows"] = nlohmann::json::array();
  for (const auto& table : tables) report(*table, result["rows"]);
  if (json.empty()) return;
  std::ofstream file(json);
  file << result.dump(1) << '\n';
  if (!file.flush()) throw std::runtime_error(json + ": cannot be written");
}

}  // namespace
}  // namespace rondo::bench

int main(int argc, char** argv) {
  rondo::tool::Arguments line("bench_steps", "what one step takes, at batch 1", "part of rondo");
  std::string only, json;
  std::uint32_t rounds = 200;
  line.add("--only", only, "regular expression; rows have names such as lstm_s8/avx2/57x128");
  line.add("--rounds", rounds, "bursts of each row, 1 to 100000");
  line.add("--json", json, "file for the results");
  line.on_run([&] { rondo::bench::run(only, rounds, json); });
  try {
    return line.parse(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_steps: %s\n", error.what());
    return 1;
  }
}
