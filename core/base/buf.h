/* SPDX-License-Identifier: MIT
 * A growing byte buffer whose every use names its maximum.
 *
 * Errors stick: after the first failed append every later one fails too, so a caller may append
 * many times and check once with buf_ok(). */
#ifndef KOPPEL_BASE_BUF_H
#define KOPPEL_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;   /* NUL-terminated when not NULL */
    size_t bytes; /* without the NUL */
    size_t room;
    size_t limit; /* the most bytes it may hold */
    bool failed;  /* over the limit or out of memory */
    bool lent;    /* data is the caller's room of buf_init_in */
};

void buf_init(struct buf *b, size_t limit_bytes);
/* The same in memory of the caller (bytes > 0) until that is full: most texts are short. */
void buf_init_in(struct buf *b, char *room, size_t bytes, size_t limit_bytes);
void buf_done(struct buf *b);             /* frees; takes a zeroed struct */
void buf_clear(struct buf *b);            /* empties, keeps the memory */
void buf_wipe_done(struct buf *b);        /* zeroes the memory, then frees */
int buf_add(struct buf *b, const void *data, size_t bytes);
int buf_add_text(struct buf *b, const char *text);
int buf_add_char(struct buf *b, char c);
int buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool buf_ok(const struct buf *b);
const char *buf_text(const struct buf *b); /* "" where empty; borrowed */
char *buf_take(struct buf *b);             /* the caller owns it; the buffer is empty again */

#endif
