/* SPDX-License-Identifier: MIT
 * Cuts text between characters, on utf8proc. */
#include "base/cut.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define REPLACEMENT "\xEF\xBF\xBD"

/* Bytes of the code point at text, and the point; 0: no UTF-8 there. */
static size_t point_at(const char *text, size_t left, utf8proc_int32_t *point)
{
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text,
                                          (utf8proc_ssize_t)left, point);
    return n > 0 ? (size_t)n : 0;
}

/* Walks over text and tells the last border between characters within the limits, and how many it
 * passed. A byte that is no UTF-8 is a character. */
static size_t walk(const char *text, size_t bytes, size_t limit_bytes, size_t limit_characters,
                   size_t *passed)
{
    utf8proc_int32_t before = 0, point, state = 0;
    size_t at = 0, border = 0, characters = 0;
    *passed = 0;
    bool first = true;
    while (at < bytes) {
        size_t n = point_at(text + at, bytes - at, &point);
        bool sound = n > 0;
        bool breaks = first || !sound || before < 0 ||
                      utf8proc_grapheme_break_stateful(before, point, &state);
        if (breaks) {
            if (characters == limit_characters)
                return at;
            border = at;
            *passed = ++characters;
            if (!sound || before < 0)
                state = 0;
        }
        n = sound ? n : 1;
        before = sound ? point : -1;
        first = false;
        at += n;
        if (at > limit_bytes)
            return border;
    }
    return bytes;
}

/* Between code points, for a character that alone is longer than the limit. */
static size_t hard_cut(const char *text, size_t limit)
{
    size_t n = limit;
    while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--;
    return n;
}

size_t cut_sound(const char *text, size_t bytes)
{
    size_t at = 0, n;
    utf8proc_int32_t point;
    while (at < bytes && (n = point_at(text + at, bytes - at, &point)) > 0)
        at += n;
    return at;
}

size_t cut_bytes(const char *text, size_t limit)
{
    if (!text)
        return 0;
    size_t bytes = strnlen(text, limit);
    if (bytes < limit || !text[bytes])
        return bytes;
    /* enough to see whether what follows belongs to the last character */
    bytes += strnlen(text + bytes, 5);
    size_t passed, n = walk(text, bytes, limit, SIZE_MAX, &passed);
    return n > 0 ? n : hard_cut(text, limit);
}

size_t cut_characters(const char *text, size_t limit)
{
    size_t passed;
    return text ? walk(text, strlen(text), SIZE_MAX, limit, &passed) : 0;
}

size_t cut_count(const char *text)
{
    size_t passed = 0;
    if (text)
        walk(text, strlen(text), SIZE_MAX, SIZE_MAX, &passed);
    return passed;
}

char *cut_valid(const char *text, size_t bytes)
{
    char *made = malloc(bytes * (sizeof REPLACEMENT - 1) + 1), *to = made;
    for (size_t at = 0; made && at < bytes;) {
        utf8proc_int32_t point;
        size_t n = point_at(text + at, bytes - at, &point);
        if (n > 0 && point != 0) {
            memcpy(to, text + at, n);
            to += n;
        } else {
            memcpy(to, REPLACEMENT, sizeof REPLACEMENT - 1);
            to += sizeof REPLACEMENT - 1;
            n = 1;
        }
        at += n;
    }
    if (made)
        *to = '\0';
    return made;
}

size_t cut_copy(char *out, size_t room, const char *text)
{
    if (room == 0)
        return 0;
    *out = '\0';
    /* what is far behind the room has no say in where the cut is */
    char *sound = text ? cut_valid(text, strnlen(text, room + 64)) : NULL;
    if (!sound)
        return 0;
    size_t n = cut_bytes(sound, room - 1);
    memcpy(out, sound, n);
    out[n] = '\0';
    free(sound);
    return n;
}
