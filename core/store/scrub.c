/* SPDX-License-Identifier: MIT
 * The gap of a page, by SQLite's file format. */
#include "store/scrub.h"

#include <string.h>

#define FILE_HEADER 100          /* in front of the first page's */
#define LEAF_HEADER 8
#define INTERIOR_HEADER 12
#define MAP_ENTRY 5              /* of a pointer map: a byte and a page number */
#define LOCK_BYTE 0x40000000     /* its page is never used */
/* The first byte of an overflow page is that of a page number, so it is 0 below this one */
#define NUMBER_MAX (INT64_C(1) << 24)

static size_t number_at(const unsigned char *at)
{
    return (size_t)at[0] << 8 | at[1];
}

/* Pointer maps say of the pages behind them what they are for; one may begin like a table. */
static bool is_map(int64_t number, size_t bytes)
{
    int64_t each = (int64_t)(bytes / MAP_ENTRY) + 1, lock = LOCK_BYTE / (int64_t)bytes + 1;
    int64_t map = number < 2 ? 0 : (number - 2) / each * each + 2;
    return number == (map == lock ? map + 1 : map);
}

static size_t header_of(unsigned char kind)
{
    switch (kind) {
    case 2:
    case 5: return INTERIOR_HEADER;
    case 10:
    case 13: return LEAF_HEADER;
    default: return 0;
    }
}

bool scrub_page(unsigned char *page, size_t bytes, int64_t number)
{
    unsigned char *head = page + (number == 1 ? FILE_HEADER : 0);
    size_t header = header_of(*head);
    if (header == 0 || number >= NUMBER_MAX || is_map(number, bytes))
        return false;
    size_t cells = number_at(head + 3), content = number_at(head + 5);
    size_t begin = (size_t)(head - page) + header + 2 * cells;
    if (content == 0)
        content = 65536;
    if (content > bytes || begin > content)
        return false;
    for (size_t i = 0; i < cells; i++) {
        size_t cell = number_at(head + header + 2 * i);
        if (cell < content || cell >= bytes)
            return false;
    }
    bool dirty = false;
    for (size_t i = begin; i < content && !dirty; i++)
        dirty = page[i] != 0;
    if (dirty)
        memset(page + begin, 0, content - begin);
    return dirty;
}
