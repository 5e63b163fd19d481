// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Linked whole into an image to prove that it uses no heap: every way in ends the run with status
// 98. Without it such an image does not even link (there is no _sbrk), but classes with a virtual
// destructor do not either: their deleting form names operator delete.
#include <stddef.h>

#include "semihost.hpp"

namespace {

[[noreturn]] void refuse() noexcept {
  rondo::firmware::put("heap used\n");
  rondo::firmware::exit(rondo::firmware::k_status_heap);
}

}  // namespace

extern "C" {
struct _reent;
void* malloc(size_t) {
  refuse();
}
void* calloc(size_t, size_t) {
  refuse();
}
void* realloc(void*, size_t) {
  refuse();
}
void free(void*) {
  refuse();
}
// What newlib itself calls.
void* _malloc_r(_reent*, size_t) {
  refuse();
}
void* _calloc_r(_reent*, size_t, size_t) {
  refuse();
}
void* _realloc_r(_reent*, void*, size_t) {
  refuse();
}
void _free_r(_reent*, void*) {
  refuse();
}
}

void* operator new(size_t) {
  refuse();
}
void* operator new[](size_t) {
  refuse();
}
void operator delete(void*) noexcept {
  refuse();
}
void operator delete[](void*) noexcept {
  refuse();
}
void operator delete(void*, size_t) noexcept {
  refuse();
}
void operator delete[](void*, size_t) noexcept {
  refuse();
}
