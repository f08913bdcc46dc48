/* SPDX-License-Identifier: MIT
 * Shows text on a terminal without being steered by it. */
#include "base/visible.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define ESCAPE_BYTES 12 /* "\udb40\udc01" */

static bool is_hidden(utf8proc_int32_t u, bool lines)
{
    if (u == '\n' || u == '\t')
        return !lines;
    if (u >= ' ' && u < 0x7F)
        return false;
    switch (utf8proc_category(u)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return true;
    default: return false;
    }
}

char *visible_text(const char *text, bool lines)
{
    size_t bytes = strlen(text);
    char *made = malloc(bytes * ESCAPE_BYTES + 1), *to = made;
    for (size_t at = 0; made && at < bytes;) {
        utf8proc_int32_t u;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text + at,
                                              (utf8proc_ssize_t)(bytes - at), &u);
        if (n <= 0) {
            to += snprintf(to, ESCAPE_BYTES + 1, "\\x%02x", (unsigned char)text[at]);
            n = 1;
        } else if (is_hidden(u, lines) && u > 0xFFFF) {
            to += snprintf(to, ESCAPE_BYTES + 1, "\\u%04x\\u%04x",
                           0xD800 + ((unsigned)(u - 0x10000) >> 10),
                           0xDC00 + ((unsigned)(u - 0x10000) & 0x3FF));
        } else if (is_hidden(u, lines)) {
            to += snprintf(to, ESCAPE_BYTES + 1, "\\u%04x", (unsigned)u);
        } else {
            memcpy(to, text + at, (size_t)n);
            to += n;
        }
        at += (size_t)n;
    }
    if (made)
        *to = '\0';
    return made;
}

void visible_print(FILE *to, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    char *shown = n >= 0 ? visible_text(text, true) : NULL;
    if (shown)
        fputs(shown, to);
    else
        fputs("out of memory\n", to);
    if (n >= 0)
        free(text);
    free(shown);
}
