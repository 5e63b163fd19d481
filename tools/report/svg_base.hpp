// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the pictures of svg.hpp are put together from: elements, axes, styles.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace rondo::tool::svg {

// A coordinate: one digit behind the point is a tenth of a pixel.
std::string at(double x);

enum class Anchor { start, middle, end };
std::string text(double x, double y, const std::string& content, Anchor anchor,
                 const char* css_class = "");
std::string line(double x1, double y1, double x2, double y2, const char* css_class);
std::string rect(double x, double y, double width, double height, const std::string& attributes);
// The whole picture: its size in pixels where there is room. On a narrow screen it shrinks, with
// larger letters for curves, which have room for them, or keeps its size and can be moved.
enum class Narrow { shrink, shrink_with_large_letters, scroll };
std::string picture(double width, double height, const std::string& title,
                    const std::string& content, Narrow narrow = Narrow::shrink);

// Round numbers that cover least .. most: steps of 1, 2 or 5 times a power of ten.
std::vector<double> ticks(double least, double most, std::size_t about);
// Powers of ten that cover least .. most: each, or every second, third ... where that gives fewer
// than a dozen.
std::vector<double> powers(double least, double most);

// Color and dashes of the n-th series; its marker, centered at (x, y).
std::string stroke(std::size_t n);
std::string stroke(std::size_t color, std::size_t dashes);
std::string fill(std::size_t n);
std::string marker(std::size_t n, double x, double y);

}  // namespace rondo::tool::svg
