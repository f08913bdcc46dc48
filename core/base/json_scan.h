/* SPDX-License-Identifier: MIT
 * The bytes of JSON strings, many at a time, for its reader and its writer. */
#ifndef KOPPEL_BASE_JSON_SCAN_H
#define KOPPEL_BASE_JSON_SCAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Is any of eight bytes one that json_scan_plain() stops at? Borrows go to higher bytes only, and
 * only from one that is. */
static inline int json_scan_stops(uint64_t bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t quotes = bytes ^ (ones * '"'), slashes = bytes ^ (ones * '\\');
    return ((bytes | (bytes - ones * 0x20) | (quotes - ones) | (slashes - ones)) & tops) != 0;
}

/* The first byte that does not stand for itself in a string, or may not: a quote, a backslash, a
 * control character, or one beyond ASCII; end where there is none. */
static inline const char *json_scan_plain(const char *at, const char *end)
{
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        /* Signed: what is beyond ASCII is below 0x20 too. */
        __m128i stops = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
        stops = _mm_or_si128(stops, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
        stops = _mm_or_si128(stops, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
        int mask = _mm_movemask_epi8(stops);
        if (mask)
            return at + __builtin_ctz((unsigned)mask);
    }
#else
    for (; end - at >= 8; at += 8) {
        uint64_t bytes;
        memcpy(&bytes, at, 8);
        if (json_scan_stops(bytes))
            break;
    }
#endif
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"'
           && *at != '\\')
        at++;
    return at;
}

/* Do all bytes of a string stand for themselves? Most strings are short: two loads that overlap
 * take any length up to 16. */
static inline int json_scan_is_plain(const char *text, size_t bytes)
{
    uint64_t first, last;
    uint32_t low, high;
    if (bytes > 16)
        return json_scan_plain(text, text + bytes) == text + bytes;
    if (bytes >= 8) {
        memcpy(&first, text, 8);
        memcpy(&last, text + bytes - 8, 8);
        return !json_scan_stops(first) && !json_scan_stops(last);
    }
    if (bytes >= 4) {
        memcpy(&low, text, 4);
        memcpy(&high, text + bytes - 4, 4);
        return !json_scan_stops((uint64_t)high << 32 | low);
    }
    first = UINT64_C(0x2020202020202020);
    for (size_t i = 0; i < bytes; i++)
        first = first << 8 | (unsigned char)text[i];
    return !json_scan_stops(first);
}

/* How many bytes the character has that begins at text, of which `left` (at least 1) are there: 1
 * to 4, or 0 where it is no UTF-8: cut short, longer than needed, half a surrogate pair, or beyond
 * U+10FFFF. */
static inline size_t json_scan_character(const char *text, size_t left)
{
    const unsigned char *c = (const unsigned char *)text;
    if (c[0] < 0x80)
        return 1;
    if (c[0] < 0xC2 || c[0] > 0xF4)
        return 0;
    size_t n = c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;
    if (left < n)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((c[i] & 0xC0) != 0x80)
            return 0;
    if ((c[0] == 0xE0 && c[1] < 0xA0) || (c[0] == 0xED && c[1] > 0x9F)
        || (c[0] == 0xF0 && c[1] < 0x90) || (c[0] == 0xF4 && c[1] > 0x8F))
        return 0;
    return n;
}

/* Is it UTF-8 as a whole? */
static inline int json_scan_is_text(const char *text, size_t bytes)
{
    const char *at = text, *end = text + bytes;
    while ((at = json_scan_plain(at, end)) < end) {
        size_t n = (unsigned char)*at < 0x80 ? 1 : json_scan_character(at, (size_t)(end - at));
        if (n == 0)
            return 0;
        at += n;
    }
    return 1;
}

#endif
