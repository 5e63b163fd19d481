// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See file.hpp. POSIX calls, since only they flush and rename with a promise.
#include "base/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
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

// A file of its own: what a killed run of the same process number left is removed, and a link that
// somebody put there is not followed.
int open_new(const std::string& path) {
  ::unlink(path.c_str());
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

// Removes the temporary file unless the write reached its end.
class Temporary {
 public:
  explicit Temporary(const fs::path& target)
      : path_(target.string() + ".tmp" + std::to_string(getpid())), file_(open_new(path_)) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (file_ >= 0) {
      ::close(file_);
      ::unlink(path_.c_str());
    }
  }
  bool opened() const { return file_ >= 0; }
  bool write(std::span<const std::uint8_t> bytes) const {
    while (!bytes.empty()) {
      const ssize_t done = ::write(file_, bytes.data(), bytes.size());
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
    return ::fsync(file_) == 0;
  }
  bool become(const fs::path& target) {
    if (std::rename(path_.c_str(), target.c_str()) != 0) return false;
    ::close(file_);
    file_ = -1;
    return true;
  }

 private:
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

void write_whole(const fs::path& target, std::span<const std::uint8_t> bytes) {
  require_writable(target);
  std::error_code code;
  const fs::path path = fs::is_symlink(target, code) ? fs::canonical(target) : target;
  Temporary temporary(path);
  const auto fail = [&](const char* what) {
    throw Error(path.string(), std::string(what) + ": " + std::strerror(errno),
                "does the folder exist, is there room, may you write there?");
  };
  if (!temporary.opened()) fail("cannot be created");
  if (!temporary.write(bytes)) fail("cannot be written");
  if (!temporary.become(path)) fail("cannot be replaced");
}

void write_whole(const fs::path& path, std::string_view text) {
  write_whole(path, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

}  // namespace rondo::tool
