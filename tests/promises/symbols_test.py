# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves symbols.py on objects compiled with CXX (default c++) and archived with AR (default ar):
each broken promise is told, with its object, and a runtime that keeps them passes. Where
arm-none-eabi-g++ is installed, float arithmetic in int8 objects too."""
import os
import shlex
import shutil
import subprocess
import tempfile
import unittest

import planted
import symbols

k_cxx = shlex.split(os.environ.get("CXX", "c++"))
k_flags = ["-std=c++17", "-O2", "-fPIC", "-fno-exceptions", "-fno-rtti", "-ffunction-sections",
           "-fdata-sections", "-fno-threadsafe-statics", "-c"]
k_clean = """
extern "C" void* memcpy(void*, const void*, __SIZE_TYPE__);
namespace rondo {
int other(int);
int step(int x) { return other(x); }
void copy(void* to, const void* from, __SIZE_TYPE__ n) { memcpy(to, from, n); }
struct Table { int (*step)(int); };
extern const Table table;
const Table table = {&step};  // an address: relocated, but constant
constexpr int k_sizes[3] = {1, 2, 3};
int size(int i) { return k_sizes[i]; }
}
"""


def table(name):
    return f"namespace rondo::kernel {{ extern const int k_{name}; const int k_{name} = 1; }}\n"


class SymbolsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name

    def archive(self, sources, compiler=None, tool=""):
        objects = []
        for name, content in sources.items():
            source = planted.write(self.root, name, content)
            objects.append(source + ".o")
            subprocess.run((compiler or k_cxx) + k_flags + [source, "-o", objects[-1]], check=True)
        library = os.path.join(self.root, "library.a")
        if os.path.exists(library):
            os.remove(library)
        archiver = tool + "ar" if tool else os.environ.get("AR", "ar")
        subprocess.run([archiver, "csrDT", library] + objects, check=True)
        return library

    def look(self, sources, expected=(), **how):
        return symbols.check("nm", "readelf", [self.archive(sources, **how)], expected)

    def told(self, content, words, name="kernel_a.cpp", **how):
        problems = self.look({name: content}, **how).problems
        self.assertTrue(problems, content)
        for problem in problems:
            self.assertIn(f"library.a({name}.o): ", problem)
        self.assertTrue(any(words in problem for problem in problems), problems)

    def test_a_clean_archive_passes(self):
        found = self.look({"kernel_a.cpp": k_clean, "kernel_avx2_s8.cpp": table("avx2_s8")},
                          ["avx2_s8"])
        self.assertEqual(found.problems, [])
        self.assertEqual(found.inspected, 2)

    def test_the_heap_is_told(self):
        self.told("int* a() { return new int; }", "asks for the heap: _Znwm")
        self.told("void a(int* p) { delete p; }", "asks for the heap: _ZdlPv")
        self.told('extern "C" void free(void*); void a(void* p) { free(p); }', "the heap: free")
        self.told('extern "C" void* malloc(__SIZE_TYPE__); void* a() { return malloc(1); }',
                  "the heap: malloc")

    def test_libraries_are_told(self):
        self.told('#include <cstdio>\nvoid a() { std::puts("a"); }', "asks for stdio: puts")
        self.told("#include <iostream>\nvoid a() { std::cout << 1; }", "the C++ library: _ZSt4cout")
        self.told("#include <cerrno>\nint a() { return errno; }", "asks for errno")
        self.told('extern "C" float expf(float); float a(float x) { return expf(x); }',
                  "outside the runtime (if it must, add it to the lists of symbols.py): expf")
        self.told("struct A { ~A(); }; void a() { static A one; }", "__cxa_atexit")
        self.told("struct A { virtual void f(); }; void A::f() {}", "virtual table or RTTI: _ZTV1A")

    def test_static_initializers_are_told(self):
        self.told("int f(); namespace rondo { int other(int); }\nconst int a = rondo::other(1);\n"
                  "const int* b() { return &a; }", "a static initializer: section .init_array")
        self.told("namespace rondo { int other(int); }\n"
                  "[[gnu::constructor]] void a() { rondo::other(1); }", "a static initializer")

    def test_mutable_globals_are_told(self):
        self.told("int a;", "a mutable global: a")
        self.told("int a = 1;", "a mutable global: a")
        self.told("static int a; int b() { return ++a; }", "a mutable global: _ZL1a")
        self.told("thread_local int a;", "a mutable global: a")
        self.told("inline int a() { static int b; return ++b; }\nint c() { return a(); }",
                  "a mutable global: _ZZ1avE1b")
        self.told("int f(); namespace rondo { int step(int); }\nint (*a)(int) = rondo::step;",
                  "a mutable global: a")

    def test_objects_of_one_instruction_set_hold_their_table_and_nothing_else(self):
        weak = "inline int w(int x) { return x * x; }\nint (*rondo_fill())(int) { return w; }\n"
        names = ("avx2_s8", "avx_vnni_s8", "avx512_vnni_s8", "neon_f32", "dotprod_s8")
        self.assertEqual(self.look({name + ".cpp": table(name) for name in names}, names).problems,
                         [])
        for name in names:
            self.told(weak, "weak symbols in an object of one instruction set: _Z1wi",
                      name + ".cpp")
        name, file = "avx2_s8", "kernel_avx2_s8.cpp"
        self.told(table(name) + "int rondo_b() { return 2; }",
                  "defines one strong symbol, this one 2", file)
        self.told(table("other"), "k_otherE is not the table rondo::kernel::k_avx2_s8", file)
        self.told("namespace { [[gnu::used]] const int a = 1; }",
                  "defines one strong symbol, this one 0", file)

    def test_objects_of_the_only_instruction_set_are_free(self):
        weak = "inline int w(int x) { return x * x; }\nint (*rondo_fill())(int) { return w; }\n"
        for name in ("kernel_remove_s8.cpp", "dsp_s8.cpp", "mve_cells_s8.cpp", "scalar_s8.cpp"):
            self.assertEqual(self.look({name: weak}).problems, [])

    def test_an_expected_object_that_is_missing_is_told(self):
        problems = self.look({"kernel_avx2_s8.cpp": table("avx2_s8")}, ["vnni_s8"]).problems
        self.assertIn("no object vnni_s8 found; of one instruction set are: avx2_s8",
                      problems[0])

    def test_an_archive_without_anything_fails(self):
        empty = os.path.join(self.root, "empty.a")
        subprocess.run([os.environ.get("AR", "ar"), "cr", empty], check=True)
        found = symbols.check("nm", "readelf", [empty], [])
        self.assertEqual(found.finish("objects"), 1)
        self.told("", "holds no symbol: nothing was inspected")

    @unittest.skipUnless(shutil.which("arm-none-eabi-g++"), "arm-none-eabi-g++ is not installed")
    def test_float_arithmetic_in_int8_objects_is_told(self):
        how = {"compiler": ["arm-none-eabi-g++", "-mthumb", "-mcpu=cortex-m0"],
               "tool": "arm-none-eabi-"}
        for content, helper in {
                "float rondo_a(float x) { return x * x; }": "__aeabi_fmul",
                "bool rondo_a(double x) { return x < 1; }": "__aeabi_dcmplt",
                "float rondo_a(int x) { return x; }": "__aeabi_i2f",
                "int rondo_a(float x) { return x; }": "__aeabi_f2iz"}.items():
            words = f"float arithmetic in an int8 object: {helper}"
            self.told(content, words, "cell_s8.cpp", **how)
            self.assertEqual(self.look({"cell_f32.cpp": content}, **how).problems, [])
        division = "int rondo_a(int x, long long y) { return int(y / x); }"
        self.assertEqual(self.look({"cell_s8.cpp": division}, **how).problems, [])


if __name__ == "__main__":
    unittest.main()
