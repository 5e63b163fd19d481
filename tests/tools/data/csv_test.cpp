// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Reading CSV: what is a table, and that all else is refused with file and line.
#include "data/csv.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "folder.hpp"

using namespace rondo::tool;

namespace {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> places;
};

Table read(const std::string& text) {
  Folder folder;
  folder.write("t.csv", text);
  CsvReader csv(folder.string("t.csv"));
  Table table{csv.columns(), {}, {}};
  while (csv.next()) {
    table.rows.emplace_back();
    for (std::size_t i = 0; i < table.columns.size(); ++i) table.rows.back().push_back(csv.text(i));
    table.places.push_back(csv.place().substr(csv.place().rfind(':')));
  }
  return table;
}

// The message about a file t.csv, from its name on; all fields but those of "word" are numbers.
std::string refusal(const std::string& text) {
  Folder folder;
  folder.write("t.csv", text);
  try {
    CsvReader csv(folder.string("t.csv"));
    while (csv.next()) {
      for (std::size_t i = 0; i < csv.columns().size(); ++i) {
        if (csv.columns()[i] != "word") csv.number(i);
      }
    }
  } catch (const Error& error) {
    const std::string message = error.what();
    return message.substr(message.find("t.csv"));
  }
  return "accepted";
}

bool begins(const std::string& text, const std::string& head) {
  INFO(text);
  const bool so = text.rfind(head, 0) == 0;
  CHECK(so);
  return so;
}

using Rows = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("csv: quotes, line ends of Windows, a mark in front, blank lines, no last line end") {
  const Table table = read(
      "\xEF\xBB\xBF"
      "word, x \r\n\"a, b\",1\r\n\r\n\"say \"\"hi\"\"\",2\r\n\"two\nlines\",3\nlast,4");
  CHECK(table.columns == std::vector<std::string>{"word", "x"});
  CHECK(table.rows == Rows{{"a, b", "1"}, {"say \"hi\"", "2"}, {"two\nlines", "3"}, {"last", "4"}});
  CHECK(table.places == std::vector<std::string>{":2", ":4", ":5", ":7"});
}

TEST_CASE("csv: a table may have no rows, and a row empty fields") {
  CHECK(read("a,b\n").rows.empty());
  CHECK(read("a,b").rows.empty());
  CHECK(read("a,b\n,\n").rows == Rows{{"", ""}});
  CHECK(read("a\n\"\"\n1\r").rows == Rows{{"1"}});
}

TEST_CASE("csv: numbers") {
  CHECK(number_from("1.5") == 1.5F);
  CHECK(number_from(" -2e-3\t") == -2e-3F);
  CHECK(number_from("+7") == 7.0F);
  CHECK(number_from(".5") == 0.5F);
  CHECK(number_from("1e-60") == 0.0F);
  for (const char* const text : {"", " ", "+", "-", "+-1", "1,5", "1.5x", "x", "0x10", "1 2", "nan",
                                 "inf", "-Infinity", "1e39", "1e999", "1_000", "--1", "1e"}) {
    CAPTURE(text);
    CHECK_FALSE(number_from(text).has_value());
  }
}

TEST_CASE("csv: what is no table of numbers is refused with its line") {
  begins(refusal(""), "t.csv:1: is empty, a row of column names was expected");
  begins(refusal("\xEF\xBB\xBF"), "t.csv:1: is empty");
  begins(refusal("1,2\n3,4\n"), "t.csv:1: is a row of numbers, column names were expected");
  begins(refusal("a,,b\n"), "t.csv:1: column 2 has no name");
  begins(refusal("a,b,a\n"), "t.csv:1: the column name \"a\" stands twice");
  begins(refusal("a;b\n1;2\n"), "t.csv:1: has semicolons or tabs");
  begins(refusal("a,b\n1,2\n\n1,2,3\n"), "t.csv:4: has 3 fields, 2 were expected");
  begins(refusal("a,b\n1\n"), "t.csv:2: has 1 fields, 2 were expected");
  begins(refusal("a,b\n1,x\n"), "t.csv:2: column \"b\" is \"x\", a finite number was expected");
  begins(refusal("a,b\n1,\n"), "t.csv:2: column \"b\" is empty, a number was expected");
  begins(refusal("a,b\n1,2\nNaN,2\n"), "t.csv:3: column \"a\" is \"NaN\", a finite number");
  begins(refusal("a,b\n1,-inf\n"), "t.csv:2: column \"b\" is \"-inf\", a finite number");
  begins(refusal("a,b\n1,1e39\n"), "t.csv:2: column \"b\" is \"1e39\", a finite number");
  begins(refusal("a,b\n1,\x1b[31m\n"), "t.csv:2: column \"b\" is \" [31m\", a finite number");
  begins(refusal("\xFF\xFE"
                 "a"),
         "t.csv:1: is UTF-16");
  begins(refusal("a,b\n1,2\n1,\xFC\n"), "t.csv:3: is not UTF-8 at byte 10");
}

TEST_CASE("csv: quotes that do not close, stray quotes, lone carriage returns, huge fields") {
  begins(refusal("word,b\nx,1\n\"a,2\nb,3\n"), "t.csv:3: a field in quotes does not end within");
  begins(refusal("word,b\n\"a\"c,2\n"), "t.csv:2: a quoted field goes on after its closing quote");
  begins(refusal("word,b\na\"c,2\n"), "t.csv:2: a quote stands within a field");
  begins(refusal("a,b\n1,2\r3,4\r"), "t.csv:2: a carriage return stands within the line");
  const std::string huge(5000, '7');
  begins(refusal("a,b\n1," + huge + "\n"), "t.csv:2: has a field of more than 4096 bytes");
  begins(refusal("word,b\n\"" + huge + "\",1\n"), "t.csv:2: a field in quotes does not end");
  begins(refusal(std::string(20000, ',')), "t.csv:1: has more than 16384 fields");
  begins(refusal("a,b\n1," + std::string(100, 'y') + "\n"),
         "t.csv:2: column \"b\" is \"" + std::string(40, 'y') + "...\"");
}

TEST_CASE("csv: a column that is not there is missed by name, with the others as a help") {
  Folder folder;
  folder.write("t.csv", "a,b\n");
  const CsvReader csv(folder.string("t.csv"));
  CHECK(csv.require("b") == 1);
  CHECK_FALSE(csv.find("c").has_value());
  CHECK_THROWS_WITH_AS(
      csv.require("c"),
      (folder.string("t.csv") + ":1: has no column \"c\" (its columns: a, b)").c_str(), Error);
}
