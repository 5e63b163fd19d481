# Plain comments as Doxygen wants them: for include/Doxyfile. The first comment is about the file.
s#^// SPDX-License.*#/// @file#
s#^/\* SPDX-License.*#/** @file#
s#SPDX-FileCopyrightText.*##
s#NOLINT(BEGIN|END|NEXTLINE)?\([^)]*\)##
/clang-format o/d
s#^( *)// ?#\1/// #
s#^( *)/\* #\1/** #
s#([;,{})]) +// ?#\1 ///< #
s#([;,{})]) +/\* #\1 /**< #
