/* SPDX-License-Identifier: MIT
 * Places in JSON text, found when something is wrong there. */
#include "base/json_place.h"

#include <string.h>

#include "base/json_scan.h"

void json_place_count(struct json_place *p, const char *at)
{
    const char *next;
    if (!p->counted || at < p->counted) {
        p->counted = p->start;
        p->line = p->column = 1;
    }
    while (p->counted < at && (next = memchr(p->counted, '\n', (size_t)(at - p->counted)))) {
        p->line++;
        p->column = 1;
        p->counted = next + 1;
    }
    for (; p->counted < at; p->counted++)
        p->column += ((unsigned char)*p->counted & 0xC0) != 0x80;
}

bool json_place_path(char *path, size_t room, const char *text, size_t bytes)
{
    size_t used = strlen(path), n;
    for (size_t i = 0; i < bytes; i += n) {
        n = json_scan_character(text + i, bytes - i);
        bool shown = n > 0 && (unsigned char)text[i] >= 0x20 && text[i] != 0x7F;
        n = n ? n : 1;
        if (used + n + sizeof "..." > room) {
            memcpy(path + used, "...", sizeof "...");
            return false;
        }
        memcpy(path + used, shown ? text + i : "?", shown ? n : 1);
        used += shown ? n : 1;
        path[used] = '\0';
    }
    return true;
}
