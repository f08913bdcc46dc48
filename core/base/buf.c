/* SPDX-License-Identifier: MIT
 * A growing byte buffer whose every use names its maximum. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 256

void buf_init(struct buf *b, size_t limit_bytes)
{
    *b = (struct buf){.limit = limit_bytes};
}

void buf_init_in(struct buf *b, char *room, size_t bytes, size_t limit_bytes)
{
    *b = (struct buf){.data = room, .room = bytes, .limit = limit_bytes, .lent = true};
    room[0] = '\0';
}

void buf_done(struct buf *b)
{
    if (!b->lent)
        free(b->data);
    *b = (struct buf){.limit = b->limit};
}

void buf_clear(struct buf *b)
{
    b->bytes = 0;
    b->failed = false;
    if (b->data)
        b->data[0] = '\0';
}

void buf_wipe_done(struct buf *b)
{
    if (b->data)
        explicit_bzero(b->data, b->room);
    buf_done(b);
}

/* Makes room for `more` bytes and the NUL. Moves by hand instead of realloc, so that no copy of a
 * secret stays behind in freed memory. */
static int reserve(struct buf *b, size_t more)
{
    size_t need, room;
    char *data;
    if (b->failed)
        return -1;
    if (more > b->limit || b->bytes > b->limit - more || b->bytes + more == SIZE_MAX)
        goto fail;
    need = b->bytes + more + 1;
    if (need <= b->room)
        return 0;
    room = b->room ? b->room : FIRST_ROOM;
    while (room < need)
        room = room > SIZE_MAX / 2 ? need : room * 2;
    if (room - 1 > b->limit)
        room = b->limit + 1;
    data = malloc(room);
    if (!data)
        goto fail;
    if (b->data) {
        memcpy(data, b->data, b->bytes + 1);
        explicit_bzero(b->data, b->room);
        if (!b->lent)
            free(b->data);
        b->lent = false;
    } else {
        data[0] = '\0';
    }
    b->data = data;
    b->room = room;
    return 0;
fail:
    b->failed = true;
    return -1;
}

int buf_add(struct buf *b, const void *data, size_t bytes)
{
    if (reserve(b, bytes) < 0)
        return -1;
    if (bytes)
        memcpy(b->data + b->bytes, data, bytes);
    b->bytes += bytes;
    b->data[b->bytes] = '\0';
    return 0;
}

int buf_add_text(struct buf *b, const char *text)
{
    return buf_add(b, text, strlen(text));
}

int buf_add_char(struct buf *b, char c)
{
    return buf_add(b, &c, 1);
}

int buf_printf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    int n;
    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    if (n < 0) {
        b->failed = true;
    } else if (reserve(b, (size_t)n) == 0) {
        vsnprintf(b->data + b->bytes, (size_t)n + 1, format, again);
        b->bytes += (size_t)n;
    }
    va_end(again);
    va_end(args);
    return b->failed ? -1 : 0;
}

bool buf_ok(const struct buf *b)
{
    return !b->failed;
}

const char *buf_text(const struct buf *b)
{
    return b->data ? b->data : "";
}

/* NULL where an append failed, so that half a text is never taken for a whole one. */
char *buf_take(struct buf *b)
{
    char *data;
    if (b->failed) {
        buf_done(b);
        return NULL;
    }
    data = b->lent ? malloc(b->bytes + 1) : b->data ? b->data : calloc(1, 1);
    if (b->lent && data)
        memcpy(data, b->data, b->bytes + 1);
    *b = (struct buf){.limit = b->limit};
    return data;
}
