// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Recordings from files: which rows belong together, the three sides, the windows, the scales.
#include "data/recordings.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "base/error.hpp"
#include "folder.hpp"

using namespace rondo::tool;

namespace {

using Floats = std::vector<float>;
using Names = std::vector<std::string>;

Recordings series(const std::string& text, Columns columns) {
  Folder folder;
  folder.write("s.csv", text);
  return load_series(folder.string("s.csv"), columns);
}

Columns for_targets(const Names& targets = {}, const Names& features = {}) {
  return {Columns::Need::targets, features, targets};
}

// A single sequence x = 0, 1, 2, ...
Recordings ramp(std::size_t rows) {
  std::string text = "x\n";
  for (std::size_t i = 0; i < rows; ++i) text += std::to_string(i) + "\n";
  return series(text, for_targets());
}

Windowing windows(std::size_t window, std::size_t hop, std::size_t horizon = 0,
                  bool keep_short = false) {
  return {window, hop, horizon, keep_short};
}

}  // namespace

TEST_CASE("recordings: rows of a sequence come together in order, wherever they stand") {
  const Recordings data = series("sequence,x,y,z\na,1,2,3\nb,4,5,6\na,7,8,9\n", for_targets());
  CHECK(data.features == Names{"x", "y"});
  CHECK(data.targets == Names{"z"});
  REQUIRE(data.list.size() == 2);
  CHECK(data.list[0].id == "a");
  CHECK(data.list[0].rows == 2);
  CHECK(data.list[0].features == Floats{1, 2, 7, 8});
  CHECK(data.list[0].targets == Floats{3, 9});
  CHECK(data.list[1].features == Floats{4, 5});
}

TEST_CASE("recordings: targets and features may be named, and be the same column") {
  const std::string text = "t,sequence,x,note\n1,a,2,hello\n";
  const Recordings data = series(text, for_targets({"x", "t"}, {"x"}));
  CHECK(data.list[0].features == Floats{2});
  CHECK(data.list[0].targets == Floats{2, 1});
  const Recordings alone = series("x,sequence\n3,a\n", for_targets());
  CHECK(alone.features == Names{"x"});
  CHECK(alone.targets == Names{"x"});
  CHECK_THROWS_AS(series(text, for_targets({"u"})), Error);
  CHECK_THROWS_AS(series(text, for_targets({"x", "x"})), Error);
  CHECK_THROWS_AS(series("sequence\na\n", for_targets()), Error);
  CHECK_THROWS_AS(series("x\n", for_targets()), Error);
  CHECK_THROWS_AS(series("sequence,x\n,1\n", for_targets()), Error);
}

TEST_CASE("recordings: a sequence has one label, and classes are sorted") {
  const Columns columns{Columns::Need::label, {}, {}};
  const Recordings data = series("sequence,x,label\na,1,walk\nb,2,run\nc,3,walk\n", columns);
  CHECK(data.classes == Names{"run", "walk"});
  CHECK(data.features == Names{"x"});
  CHECK(data.list[0].label == 1);
  CHECK(data.list[1].label == 0);
  Folder folder;
  folder.write("s.csv", "sequence,x,label\na,1,walk\na,2,run\n");
  const std::string message =
      folder.string("s.csv") + ":3: sequence \"a\" has the label \"run\" and";
  CHECK_THROWS_WITH_AS(load_labeled(folder.string("s.csv")), doctest::Contains(message.c_str()),
                       Error);
}

TEST_CASE("recordings: a folder has a folder a class and a file a recording") {
  Folder folder;
  std::filesystem::create_directories(folder.path() / "walk");
  std::filesystem::create_directories(folder.path() / "run");
  folder.write("walk/2.csv", "x,y\n1,2\n3,4\n").write("walk/1.csv", "y,x\n5,6\n");
  folder.write("run/1.csv", "x,y\n7,8\n").write("run/notes.md", "?");
  CHECK(holds_recordings(folder.path()));
  const Recordings data = load_labeled(folder.path());
  CHECK(data.classes == Names{"run", "walk"});
  CHECK(data.features == Names{"x", "y"});
  REQUIRE(data.list.size() == 3);
  CHECK(data.list[0].id == "run/1.csv");
  CHECK(data.list[1].features == Floats{6, 5});  // by name, not by place
  CHECK(data.list[2].label == 1);
  folder.write("run/2.csv", "x\n1\n");
  CHECK_THROWS_WITH_AS(load_labeled(folder.path()), doctest::Contains("run/2.csv:1: has no column"),
                       Error);
  folder.write("run/2.csv", "x,y,z\n1,2,3\n");
  CHECK_THROWS_WITH_AS(load_labeled(folder.path()), doctest::Contains("run/2.csv:1: has 3 columns"),
                       Error);
  CHECK(load_labeled(folder.path(), {"y"}).features == Names{"y"});
  folder.write("run/2.csv", "x,y\n");
  CHECK_THROWS_WITH_AS(load_labeled(folder.path()), doctest::Contains("run/2.csv: has no row"),
                       Error);
  folder.write("French.txt", "Dupont\n");
  CHECK_FALSE(holds_recordings(folder.path()));  // names
}

TEST_CASE("recordings: sides go by the name of the sequence, never by window") {
  std::string text = "sequence,x\n";
  for (int i = 0; i < 200; ++i) text += std::to_string(i) + "s,1\n";
  Recordings data = series(text, for_targets());
  set_sides(data, windows(1, 1));
  std::size_t counts[3] = {};
  for (const Recording& r : data.list) {
    CHECK(r.side == side_of(r.id));
    ++counts[static_cast<std::size_t>(r.side)];
  }
  CHECK(counts[0] > 120);
  CHECK(counts[1] > 5);
  CHECK(counts[2] > 20);
  Recordings few = series("sequence,x\na,1\nb,2\n", for_targets());
  CHECK_THROWS_AS(set_sides(few, windows(1, 1)), Error);
}

TEST_CASE("recordings: one sequence is cut by position, with a window left out between") {
  Recordings data = ramp(1000);
  set_sides(data, windows(20, 1, 1));
  std::set<float> seen[3];
  for (std::size_t side = 0; side < 3; ++side) {
    for (const Window& w : windows_of(data, static_cast<Side>(side), windows(20, 1, 1))) {
      for (const float x : features_of(data, w)) seen[side].insert(x);
      for (const float x : targets_of(data, w)) seen[side].insert(x);
    }
  }
  CHECK(*seen[0].begin() == 0);
  CHECK(*seen[0].rbegin() == 699);
  CHECK(*seen[1].begin() == 720);
  CHECK(*seen[1].rbegin() == 799);
  CHECK(*seen[2].begin() == 820);
  CHECK(*seen[2].rbegin() == 999);
  CHECK(data.list[2].first_row == 820);
  Recordings least = ramp(410), less = ramp(400);
  set_sides(least, windows(20, 1, 1));
  for (const Side side : {Side::train, Side::valid, Side::test}) {
    CHECK_FALSE(windows_of(least, side, windows(20, 1, 1)).empty());
  }
  CHECK_THROWS_WITH_AS(set_sides(less, windows(20, 1, 1)),
                       doctest::Contains("one sequence of 400 rows, at least 410"), Error);
}

TEST_CASE("recordings: windows, hops and answers") {
  const Recordings data = ramp(10);
  const auto list = windows_of(data, std::nullopt, windows(4, 3, 2));
  REQUIRE(list.size() == 2);  // 0 1 2 3 -> 5 and 3 4 5 6 -> 8
  CHECK(list[1].first == 3);
  CHECK(targets_of(data, list[1])[0] == 8);
  CHECK(features_of(data, list[0]).back() == 3);
  CHECK(windows_of(data, std::nullopt, windows(10, 1)).size() == 1);
  CHECK(windows_of(data, std::nullopt, windows(10, 1, 1)).empty());
  CHECK(windows_of(data, std::nullopt, windows(11, 1)).empty());
  CHECK(windows_of(data, std::nullopt, windows(11, 1, 0, true))[0].steps == 10);
  CHECK(windows_of(data, std::nullopt, windows(0, 5))[0].steps == 10);
  CHECK(windows_of(data, std::nullopt, windows(0, 5)).size() == 1);
}

TEST_CASE("recordings: scales come from the training side alone") {
  Recordings data = ramp(1000);
  for (Recording& r : data.list) r.targets.assign(r.rows, 4.25F);
  set_sides(data, windows(1, 1));
  const Scaling x = feature_scaling(data), y = target_scaling(data);
  CHECK(x.mean[0] == doctest::Approx(349.5));  // of 0 .. 699
  CHECK(x.deviation[0] == doctest::Approx(std::sqrt((700.0 * 700 - 1) / 12)));
  CHECK(y.deviation[0] == 0);
  normalize(data, x, y);
  CHECK(data.list[0].features[0] == doctest::Approx(-349.5 / x.deviation[0]));
  CHECK(data.list[2].targets[0] == 0);
  Recordings large = ramp(1000);
  for (float& v : large.list[0].features) v = 1e9F + 64 * std::fmod(v, 2.0F);
  set_sides(large, windows(1, 1));
  CHECK_THROWS_WITH_AS(feature_scaling(large), doctest::Contains("subtract a constant"), Error);
}
