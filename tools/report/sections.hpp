// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the report says about the files it was given: sections of the page. Called by the command.
#pragma once
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "report/page.hpp"
#include "report/run_log.hpp"

namespace rondo::tool {

// A table of the runs with the settings in which they differ, then the curves; of one run all its
// figures, of several one figure each in a picture.
std::vector<Section> sections_of_runs(const std::vector<LoggedRun>& runs);

// Gradient against lag, a picture and a table of the runs whose end has "lags" (train lags), none
// where there is no such run; the last of sections_of_runs.
std::vector<Section> sections_of_lags(const std::vector<LoggedRun>& runs);

// Confusion matrix and the classes' accuracies, where the run has them.
std::vector<Section> sections_of_classes(const LoggedRun& run);

// What quantize --report wrote. Throws Error naming `place` where it is not that.
Section section_of_quantize(const nlohmann::json& report, const std::string& place);

}  // namespace rondo::tool
