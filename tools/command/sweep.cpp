// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo sweep: a table of training runs from a plan. Each job is a process of its own and leaves
// its result under its final name only when it is complete, so a sweep that was interrupted goes on
// where it was, and jobs may run on many machines that share a folder.
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <system_error>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/command.hpp"
#include "report/run_log.hpp"
#include "report/sections.hpp"
#include "sweep/processes.hpp"
#include "sweep/table.hpp"

namespace rondo::tool {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Options {
  std::string plan;
  std::string data;
  std::string out;
  std::string only;
  std::uint64_t jobs = 0;
  bool list = false;
  bool collect = false;
};

std::string in(const Options& options, const Job& job, const std::string& ending) {
  return (fs::path(options.out) / (job.name + ending)).string();
}

std::vector<std::string> words_of(const Options& options, const Plan& plan, const Job& job) {
  std::vector<std::string> words = {own_path()};
  words.insert(words.end(), plan.command.begin(), plan.command.end());
  words.insert(words.end(), job.run->options.begin(), job.run->options.end());
  const std::vector<std::string> own = {"--data",    options.data,
                                        "--seed",    std::to_string(job.seed),
                                        "--threads", "1",
                                        "--out",     in(options, job, ".safetensors"),
                                        "--log",     in(options, job, ".jsonl"),
                                        "--json"};
  words.insert(words.end(), own.begin(), own.end());
  // Left by a run that was interrupted, of a command that can go on.
  if (fs::exists(in(options, job, ".safetensors.resume"))) words.push_back("--resume");
  return words;
}

// For a shell.
std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

// One line a job, each of which can run alone, anywhere.
void list(const Options& options, const std::vector<Job>& jobs, const Console& console) {
  json lines = json::array();
  for (const Job& job : jobs) {
    const std::vector<std::string> words = {own_path(),  "sweep",      options.plan,
                                            "--data",    options.data, "--out",
                                            options.out, "--only",     job.name};
    std::string line = quoted(words[0]);
    for (std::size_t k = 1; k < words.size(); ++k) line.append(" ").append(quoted(words[k]));
    lines.push_back(line);
    console.say(line);
  }
  console.result({{"jobs", lines}});
}

std::string last_line_of(const std::string& path) {
  const std::string text = read_text(path);
  const std::size_t end = text.find_last_not_of('\n');
  if (end == std::string::npos) return "without a message";
  const std::size_t first = text.find_last_of("\r\n", end) + 1;  // 0 where there is none
  return text.substr(first, end + 1 - first);
}

// Jobs without a result yet. Throws Error where one fails, when all others have ended.
void run_jobs(const Options& options, const Plan& plan, const std::vector<Job>& all) {
  std::vector<const Job*> jobs;
  std::vector<Program> programs;
  for (const Job& job : all) {
    if (fs::exists(in(options, job, ".json"))) continue;
    jobs.push_back(&job);
    // Two sweeps that were given the same job do not write into one file.
    const std::string part = ".part" + std::to_string(getpid());
    programs.push_back(
        {words_of(options, plan, job), in(options, job, ".json" + part), in(options, job, ".err")});
  }
  const std::size_t kept = all.size() - jobs.size();
  if (kept > 0) std::fprintf(stderr, "%zu of %zu jobs are there already\n", kept, all.size());
  const std::size_t most =
      options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  std::string failures;
  std::size_t ended = kept;
  run_programs(programs, most, [&](std::size_t index, int status) {
    const Job& job = *jobs[index];
    ++ended;
    if (status == 0) {
      fs::rename(programs[index].out, in(options, job, ".json"));
      std::fprintf(stderr, "%zu of %zu: %s\n", ended, all.size(), job.name.c_str());
      return true;
    }
    std::error_code ignored;
    fs::remove(programs[index].out, ignored);
    failures += "\n  " + job.name + ": status " + std::to_string(status) + ", " +
                last_line_of(programs[index].err);
    std::fprintf(stderr, "%zu of %zu: %s FAILED\n", ended, all.size(), job.name.c_str());
    return status < 128;  // somebody wants it to stop
  });
  if (!failures.empty()) throw Error(options.plan, "jobs failed:" + failures);
}

void write_report(const Options& options, const Plan& plan, const SweepTable& table) {
  std::vector<Section> sections = {
      {"Table", html_paragraph(plan.about) + html_table(table.head, table.rows)}};
  std::vector<LoggedRun> logs;
  for (const PlannedRun& run : plan.runs) {
    const fs::path path = fs::path(options.out) / (job_name(run, run.seeds[0]) + ".jsonl");
    if (!fs::exists(path)) continue;
    logs.push_back(read_run_log(path));
    logs.back().name = run.title;
  }
  if (!logs.empty()) {
    for (Section& section : sections_of_runs(logs)) sections.push_back(std::move(section));
  }
  write_whole(fs::path(options.out) / "report.html", html_page(plan.title, sections));
  write_whole(fs::path(options.out) / "sweep.json", table.json.dump(2) + "\n");
}

void run(const Options& options, const Console& console) {
  const Plan plan = read_plan(options.plan);
  std::vector<Job> jobs = jobs_of(plan);
  if (!options.only.empty()) {
    std::erase_if(jobs, [&](const Job& job) { return job.name != options.only; });
    if (jobs.empty()) {
      throw Error("--only", "the plan has no job \"" + options.only + "\"", "see --list");
    }
  }
  if (options.data.empty() && !options.collect) throw Error("--data", "is missing");
  if (options.list) return list(options, jobs, console);
  std::error_code code;
  fs::create_directories(options.out, code);
  if (!fs::is_directory(options.out)) {
    throw Error(options.out, "is not a folder and cannot be made one", "name another for --out");
  }
  if (!options.collect) run_jobs(options, plan, jobs);
  if (!options.only.empty()) return console.result({{"job", options.only}});
  const SweepTable table = collect(plan, options.out);
  write_report(options, plan, table);
  console.say(plan.title + "\n" + aligned(table) +
              (fs::path(options.out) / "report.html").string());
  json result = table.json;
  result["missing"] = table.missing;
  console.result(result);
}

}  // namespace

void add_sweep(Arguments& program, Console& console) {
  const auto options = std::make_shared<Options>();
  Arguments& command = program.command(
      "sweep",
      "A table of training runs from a plan, such as those in data/presets: as many at a time as "
      "there are cores. Run it again after an interruption: it goes on");
  command.add("PLAN", options->plan, "The plan, a JSON file", Arguments::Need::required);
  command.add("--data", options->data, "The data of every run");
  command.add("--out", options->out, "Folder for checkpoints, logs, results, report.html",
              Arguments::Need::required);
  command.add("--jobs", options->jobs, "Runs at a time; 0: one for each core");
  command.add("--only", options->only, "One job of those that --list names");
  command.add_flag("--list", options->list, "Print one command line a job, and run nothing");
  command.add_flag("--collect", options->collect, "Make the table of what is there, run nothing");
  add_json_option(command, console);
  command.on_run([options, &console] { run(*options, console); });
}

}  // namespace rondo::tool
