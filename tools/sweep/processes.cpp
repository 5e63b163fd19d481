// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "sweep/processes.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>

#include "base/error.hpp"

namespace rondo::tool {
namespace {

class FileActions {
 public:
  FileActions(const Program& program) {
    posix_spawn_file_actions_init(&actions_);
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&actions_, 1, program.out.c_str(), flags, 0666);
    posix_spawn_file_actions_addopen(&actions_, 2, program.err.c_str(), flags, 0666);
  }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

pid_t start(const Program& program) {
  const FileActions actions(program);
  std::vector<std::string> words = program.words;
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t id = 0;
  const int fault =
      posix_spawn(&id, words[0].c_str(), actions.get(), nullptr, pointers.data(), environ);
  if (fault != 0) throw Error(words[0], std::string("cannot be started: ") + std::strerror(fault));
  return id;
}

}  // namespace

void run_programs(const std::vector<Program>& programs, std::size_t most,
                  const std::function<bool(std::size_t index, int status)>& done) {
  std::map<pid_t, std::size_t> running;
  std::size_t next = 0;
  bool more = true;
  while (true) {
    for (; more && next < programs.size() && running.size() < most; ++next) {
      running[start(programs[next])] = next;
    }
    if (running.empty()) return;
    int state = 0;
    const pid_t id = waitpid(-1, &state, 0);
    if (id < 0 && errno == EINTR) continue;
    const auto found = running.find(id);
    if (found == running.end()) continue;
    const std::size_t index = found->second;
    running.erase(found);
    const int status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    if (!done(index, status)) more = false;
  }
}

std::string own_path() {
  std::error_code code;
  const std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", code);
  if (code) throw Error("/proc/self/exe", "cannot be read", "a sweep needs Linux");
  return path.string();
}

}  // namespace rondo::tool
