// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// CRC-32 as in Ethernet, zip and zlib (reflected polynomial 0xEDB88320, start and end inverted),
// half a byte at a time: the table of 16 words costs 64 bytes of flash.
// It finds accidents. It is no signature: whether an image is genuine is the boot loader's affair.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace rondo {

constexpr uint32_t k_crc32_polynomial = 0xEDB88320;
// Entry n is n divided by the polynomial, four steps.
constexpr uint32_t k_crc32_table[16] = {
    0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
    0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};

// The CRC of `size` bytes; `before` is the CRC of the bytes that stand before them, 0 for none.
constexpr uint32_t crc32(const uint8_t* bytes, size_t size, uint32_t before = 0) noexcept {
  uint32_t crc = ~before;
  for (size_t i = 0; i < size; ++i) {
    crc ^= bytes[i];
    crc = k_crc32_table[crc & 15U] ^ (crc >> 4);
    crc = k_crc32_table[crc & 15U] ^ (crc >> 4);
  }
  return ~crc;
}

}  // namespace rondo
