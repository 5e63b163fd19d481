// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Whole files in and out. Writing goes to a temporary file beside the target, which is flushed to
// disk and renamed at the end: the target is the old file or the new one, never half of either. A
// process that is killed meanwhile leaves TARGET.tmpNUMBER; the next that writes there removes it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::tool {

// Throws Error naming the path where it cannot be read, is a folder, or is larger than `most`.
std::vector<std::uint8_t> read_bytes(const std::filesystem::path& path,
                                     std::uintmax_t most = std::uintmax_t{1} << 32);
std::string read_text(const std::filesystem::path& path,
                      std::uintmax_t most = std::uintmax_t{1} << 32);

// Throws Error where write_whole could not put a file there: no folder, no right, or something that
// is no regular file. For the start of long work.
void require_writable(const std::filesystem::path& path);
// Throws Error where both names are one file.
void require_other_file(const std::filesystem::path& out, const std::filesystem::path& in);

// Replaces `path` (or the file it links to) as a whole. Throws Error where that fails and leaves
// the old file as it was.
void write_whole(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_whole(const std::filesystem::path& path, std::string_view text);

// Files that belong together: none takes its name before all of them are on disk. A process that is
// killed between the renames leaves some old and some new, each of them whole.
struct WholeFile {
  std::filesystem::path path;
  std::string_view text;
};
void write_together(std::span<const WholeFile> files);

// Removes what killed processes left beside `path`; not what one that lives is writing.
void remove_leftovers(const std::filesystem::path& path);

}  // namespace rondo::tool
