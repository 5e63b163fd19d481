// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// In what order data goes through the modules of a state_dict. Files are often sorted by name, so
// what tells the order is that each reads as many numbers as the one before makes. See modules.hpp.
#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "import/modules.hpp"

namespace rondo::tool {
namespace {

constexpr std::size_t k_most_tries = 100000;

// "fc2" before "fc10".
bool natural_less(const std::string& a, const std::string& b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      const auto run = [&](const std::string& s, std::size_t& at) {
        while (at < s.size() && s[at] == '0') ++at;
        const std::size_t first = at;
        while (at < s.size() && digit(s[at])) ++at;
        return s.substr(first, at - first);
      };
      const std::string m = run(a, i), n = run(b, j);
      if (m.size() != n.size()) return m.size() < n.size();
      if (m != n) return m < n;
    } else if (a[i] != b[j]) {
      return a[i] < b[j];
    } else {
      ++i, ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

// Goes through all orders, the likeliest first.
class Search {
 public:
  Search(const std::vector<ModuleLayers>& modules, std::vector<std::size_t> likeliest)
      : modules_(modules), likeliest_(std::move(likeliest)), used_(modules.size()) {
    extend();
  }
  const std::vector<std::size_t>& first() const { return first_; }
  std::size_t found() const { return found_; }  // 0, 1, or more: it stops at 2
  bool gave_up() const { return tries_ >= k_most_tries; }

 private:
  bool fits(std::size_t next) const {
    if (path_.empty()) return true;
    return !modules_[next].embedding && modules_[next].inputs == modules_[path_.back()].outputs;
  }

  void extend() {
    if (path_.size() == modules_.size()) {
      if (found_++ == 0) first_ = path_;
      return;
    }
    for (const std::size_t next : likeliest_) {
      if (used_[next] || !fits(next)) continue;
      if (++tries_ >= k_most_tries || found_ >= 2) return;
      used_[next] = true;
      path_.push_back(next);
      extend();
      path_.pop_back();
      used_[next] = false;
    }
  }

  const std::vector<ModuleLayers>& modules_;
  std::vector<std::size_t> likeliest_;
  std::vector<bool> used_;
  std::vector<std::size_t> path_, first_;
  std::size_t found_ = 0, tries_ = 0;
};

std::string list_of(const std::vector<ModuleLayers>& modules) {
  std::string list;
  for (const ModuleLayers& m : modules) {
    list += (list.empty() ? "" : ", ") + m.name + " (" + std::to_string(m.inputs) + " -> " +
            std::to_string(m.outputs) + ")";
  }
  return list;
}

void require_chain(const std::vector<ModuleLayers>& modules, const std::string& place) {
  for (std::size_t i = 1; i < modules.size(); ++i) {
    const ModuleLayers &a = modules[i - 1], &b = modules[i];
    if (!b.embedding && b.inputs == a.outputs) continue;
    throw Error("--chain",
                place + ": " + b.name + " reads " + std::to_string(b.inputs) +
                    (b.embedding ? " tokens, so it can only be the first" : " numbers, but ") +
                    (b.embedding ? "" : a.name + " before it makes " + std::to_string(a.outputs)),
                "its modules: " + list_of(modules));
  }
}

}  // namespace

bool order_modules(std::vector<ModuleLayers>& modules, bool given, bool file_order,
                   const std::string& place) {
  if (given) {
    require_chain(modules, place);
    return true;
  }
  if (modules.size() > k_most_layers) {
    throw Error(place,
                "has " + std::to_string(modules.size()) + " modules, expected at most " +
                    std::to_string(k_most_layers),
                "--prefix takes a part of the file");
  }
  std::vector<std::size_t> likeliest(modules.size());
  std::iota(likeliest.begin(), likeliest.end(), std::size_t{0});
  if (!file_order) {
    const auto rank = [&](std::size_t i) {
      return modules[i].embedding ? 0 : modules[i].recurrent ? 1 : 2;
    };
    std::stable_sort(likeliest.begin(), likeliest.end(), [&](std::size_t a, std::size_t b) {
      if (rank(a) != rank(b)) return rank(a) < rank(b);
      return natural_less(modules[a].name, modules[b].name);
    });
  }
  const Search search(modules, likeliest);
  if (search.found() == 0) {
    throw Error(place,
                std::string(search.gave_up() ? "too many orders of its modules are possible: "
                                             : "its modules form no chain: ") +
                    list_of(modules),
                "each must read what one before makes; give the order with --chain, or a part of "
                "the file with --prefix");
  }
  std::vector<ModuleLayers> ordered;
  for (const std::size_t i : search.first()) ordered.push_back(std::move(modules[i]));
  modules = std::move(ordered);
  return search.found() == 1 && !search.gave_up();
}

}  // namespace rondo::tool
