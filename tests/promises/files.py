# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""The files of the tree: what git tracks or would track; without git, all but what is built."""
import os
import re
import subprocess

# As in .gitignore, for a tree that came as an archive.
k_not_ours = re.compile(r"(build.*|\.git|__pycache__|packagecache)/|.*\.elf$")


def tree_files(root):
    """Paths relative to root with forward slashes, sorted; links and deleted files left out."""
    names = from_git(root)
    if names is None:
        names = from_folders(root)
    return sorted(name for name in names if is_plain(os.path.join(root, name)))


def is_plain(path):
    return os.path.isfile(path) and not os.path.islink(path)


def from_git(root):
    if not os.path.exists(os.path.join(root, ".git")):
        return None
    command = ["git", "-C", root, "ls-files", "-coz", "--exclude-standard"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    if done.returncode != 0:  # such as a work tree of another owner
        return None
    return {os.fsdecode(name) for name in done.stdout.split(b"\0") if name}


def from_folders(root):
    names = []
    for folder, below, files in os.walk(root):
        if "meson-private" in below:  # a build folder of another name
            below.clear()
            continue
        below[:] = [name for name in below if not k_not_ours.fullmatch(name + "/")]
        for name in files:
            if not k_not_ours.fullmatch(name):
                names.append(os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/"))
    return names
