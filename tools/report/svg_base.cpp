// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "report/svg_base.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "report/svg.hpp"

namespace rondo::tool {

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += static_cast<unsigned char>(c) < 32 ? ' ' : c;
    }
  }
  return safe;
}

std::string short_number(double x) {
  char buffer[32];
  const double size = std::abs(x);
  const bool plain = x == 0 || (size >= 1e-4 && size < 1e6);
  if (plain && size >= 1000) {
    std::snprintf(buffer, sizeof buffer, "%.0f", x);
  } else {
    std::snprintf(buffer, sizeof buffer, plain ? "%.4g" : "%.3g", x);
  }
  return buffer;
}

namespace svg {

std::string at(double x) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f", x);
  return buffer;
}

std::string text(double x, double y, const std::string& content, Anchor anchor,
                 const char* css_class) {
  const char* const anchors[] = {"start", "middle", "end"};
  return "<text x=\"" + at(x) + "\" y=\"" + at(y) + "\" text-anchor=\"" +
         anchors[static_cast<std::size_t>(anchor)] + "\" class=\"" + css_class + "\">" +
         escaped(content) + "</text>";
}

std::string line(double x1, double y1, double x2, double y2, const char* css_class) {
  return "<line x1=\"" + at(x1) + "\" y1=\"" + at(y1) + "\" x2=\"" + at(x2) + "\" y2=\"" + at(y2) +
         "\" class=\"" + css_class + "\"/>";
}

std::string rect(double x, double y, double width, double height, const std::string& attributes) {
  return "<rect x=\"" + at(x) + "\" y=\"" + at(y) + "\" width=\"" + at(width) + "\" height=\"" +
         at(height) + "\" " + attributes + "/>";
}

std::string picture(double width, double height, const std::string& title,
                    const std::string& content, Narrow narrow) {
  const char* const classes[] = {"", "curves", "scroll"};
  return std::string("<div class=\"picture ") + classes[static_cast<std::size_t>(narrow)] +
         "\"><svg viewBox=\"0 0 " + at(width) + " " + at(height) + "\" style=\"width:" + at(width) +
         "px\" role=\"img\" aria-label=\"" + escaped(title) + "\">" + content + "</svg></div>\n";
}

std::vector<double> ticks(double least, double most, std::size_t about) {
  // No finer than the four digits of a label can tell; else rounding would stop the loop below.
  const double finest = 1e-3 * std::max(std::abs(least), std::abs(most));
  const double span = most > least ? std::max(most - least, finest) : std::max(1.0, std::abs(most));
  const double rough = span / static_cast<double>(about);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = power;
  for (const double factor : {2.0, 5.0, 10.0}) {
    if (step < rough) step = factor * power;
  }
  std::vector<double> all;
  const double first = std::floor(least / step + 1e-9), last = std::ceil(most / step - 1e-9);
  for (double n = first; n <= std::max(last, first + 1); ++n) all.push_back(n * step);
  return all;
}

std::vector<double> powers(double least, double most) {
  constexpr double k_most = 11;  // 25 pixels apart in a picture of 264
  std::vector<double> all;
  const double low = std::floor(std::log10(least)), high = std::ceil(std::log10(most));
  const double step = std::max(1.0, std::ceil((high - low) / (k_most - 1)));
  const double first = std::floor(low / step) * step;
  const double last = std::max(std::ceil(high / step) * step, first + step);
  for (double n = first; n <= last; n += step) all.push_back(std::pow(10.0, n));
  return all;
}

namespace {
constexpr std::size_t k_colors = 6;  // --s0 ... of the page
constexpr const char* k_dashes[] = {"", "7 4", "2 3", "9 3 2 3"};
}  // namespace

std::string fill(std::size_t n) {
  return "fill=\"var(--s" + std::to_string(n % k_colors) + ")\"";
}

std::string stroke(std::size_t n) {
  return stroke(n, n);
}

std::string stroke(std::size_t color, std::size_t n) {
  const std::string dashes = k_dashes[n % 4];
  return "fill=\"none\" stroke-width=\"2\" stroke=\"var(--s" + std::to_string(color % k_colors) +
         ")\"" + (dashes.empty() ? "" : " stroke-dasharray=\"" + dashes + "\"");
}

std::string marker(std::size_t n, double x, double y) {
  const std::string style = fill(n) + " stroke=\"var(--paper)\" stroke-width=\"1.5\"/>";
  switch (n % 3) {
    case 0:
      return "<circle cx=\"" + at(x) + "\" cy=\"" + at(y) + "\" r=\"5\" " + style;
    case 1:
      return "<rect x=\"" + at(x - 4.5) + "\" y=\"" + at(y - 4.5) + "\" width=\"9\" height=\"9\" " +
             style;
    default:
      return "<path d=\"M" + at(x) + " " + at(y - 6) + "l6 10.5h-12z\" " + style;
  }
}

}  // namespace svg
}  // namespace rondo::tool
