// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See file.hpp. POSIX calls, since only they flush and rename with a promise.
#include "base/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <deque>
#include <fstream>

#include "base/error.hpp"

namespace rondo::tool {
namespace {

namespace fs = std::filesystem;

template <class Bytes>
Bytes read_as(const fs::path& path, std::uintmax_t most) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (!fs::exists(status)) throw Error(path.string(), "no such file", "check the path");
  if (fs::is_directory(status)) throw Error(path.string(), "is a folder, a file was expected");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(path.string(), std::string("cannot be opened: ") + std::strerror(errno));
  Bytes bytes;
  char chunk[1 << 16];
  while (in.read(chunk, sizeof chunk) || in.gcount() > 0) {
    bytes.insert(bytes.end(), chunk, chunk + in.gcount());
    if (bytes.size() > most) {
      throw Error(path.string(), "is larger than the " + std::to_string(most) + " bytes expected");
    }
  }
  if (in.bad()) throw Error(path.string(), "cannot be read to its end");
  return bytes;
}

constexpr const char* k_temporary = ".tmp";  // TARGET.tmpNUMBER, by the number of the process

// A file of its own: what a killed run of the same process number left is removed, and a link that
// somebody put there is not followed. The lock says that somebody lives who writes it.
int open_new(const std::string& path) {
  ::unlink(path.c_str());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file >= 0)
    ::flock(file, LOCK_EX | LOCK_NB);  // file systems without locks: nothing is removed
  return file;
}

bool is_temporary_of(const std::string& name, const std::string& target) {
  const std::string start = target + k_temporary;
  return name.size() > start.size() && name.starts_with(start) &&
         name.find_first_not_of("0123456789", start.size()) == std::string::npos;
}

void remove_unless_locked(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return;
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) ::unlink(path.c_str());
  ::close(file);
}

// Removes the temporary file unless the write reached its end.
class Temporary {
 public:
  explicit Temporary(const fs::path& target)
      : target_(target),
        path_(target.string() + k_temporary + std::to_string(getpid())),
        file_(open_new(path_)) {
    if (file_ < 0) fail("cannot be created");
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (file_ >= 0) {
      ::close(file_);
      ::unlink(path_.c_str());
    }
  }
  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t done = ::write(file_, bytes.data(), bytes.size());
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) fail("cannot be written");
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    if (::fsync(file_) != 0) fail("cannot be written");
  }
  void become_target() {
    if (std::rename(path_.c_str(), target_.c_str()) != 0) fail("cannot be replaced");
    ::close(file_);
    file_ = -1;
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw Error(target_.string(), std::string(what) + ": " + std::strerror(errno),
                "does the folder exist, is there room, may you write there?");
  }

  fs::path target_;
  std::string path_;
  int file_;
};

}  // namespace

std::vector<std::uint8_t> read_bytes(const fs::path& path, std::uintmax_t most) {
  return read_as<std::vector<std::uint8_t>>(path, most);
}

std::string read_text(const fs::path& path, std::uintmax_t most) {
  return read_as<std::string>(path, most);
}

void require_writable(const fs::path& path) {
  std::error_code code;
  const fs::path folder = fs::absolute(path).parent_path();
  if (!fs::is_directory(folder, code)) {
    throw Error(path.string(), "the folder " + folder.string() + " does not exist",
                "make it, or name another file");
  }
  if (::access(folder.c_str(), W_OK) != 0) {
    throw Error(path.string(), "the folder " + folder.string() + " may not be written to",
                "name another file");
  }
  if (fs::exists(path, code) && !fs::is_regular_file(path, code)) {
    throw Error(path.string(), "is not a regular file and would be replaced", "name another file");
  }
}

void require_other_file(const fs::path& out, const fs::path& in) {
  std::error_code code;
  if (fs::equivalent(out, in, code)) {
    throw Error(out.string(), "would overwrite " + in.string() + ", which is needed",
                "name another file");
  }
}

void write_together(std::span<const WholeFile> files) {
  std::deque<Temporary> temporaries;
  for (const WholeFile& file : files) {
    require_writable(file.path);
    std::error_code code;
    const bool link = fs::is_symlink(file.path, code);
    const fs::path target = link ? fs::canonical(file.path) : file.path;
    remove_leftovers(target);
    temporaries.emplace_back(target).write(file.text);
  }
  for (Temporary& temporary : temporaries) temporary.become_target();
}

void write_whole(const fs::path& path, std::string_view text) {
  const WholeFile file{path, text};
  write_together({&file, 1});
}

void write_whole(const fs::path& path, std::span<const std::uint8_t> bytes) {
  write_whole(path, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void remove_leftovers(const fs::path& path) {
  const std::string name = path.filename().string();
  std::error_code code;
  fs::directory_iterator entries(fs::absolute(path).parent_path(), code);
  for (; !code && entries != fs::directory_iterator(); entries.increment(code)) {
    const fs::path& entry = entries->path();
    if (is_temporary_of(entry.filename().string(), name)) remove_unless_locked(entry);
  }
}

}  // namespace rondo::tool
