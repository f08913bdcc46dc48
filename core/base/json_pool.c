/* SPDX-License-Identifier: MIT
 * Memory of JSON values: lists of free pieces by size, a set of them per thread. */
#include "base/json_pool.h"

#include <jansson.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/* Class n holds n * 16 + 8 bytes, as malloc's pieces do; class 0 is none. */
#define CLASSES 33

struct piece {
    struct piece *next;
};

struct kept {
    struct piece *free[CLASSES];
    size_t bytes;
    bool known; /* its thread frees it when it ends */
    bool ended;
};

static _Thread_local struct kept kept;
static pthread_key_t key;

static size_t bytes_of(size_t class)
{
    return class * 16 + 8;
}

static void *take(size_t bytes)
{
    size_t class = bytes <= bytes_of(1) ? 1 : (bytes + 7) / 16;
    if (class >= CLASSES)
        return malloc(bytes);
    struct piece *piece = kept.free[class];
    if (!piece)
        return malloc(bytes_of(class));
    kept.free[class] = piece->next;
    kept.bytes -= bytes_of(class);
    return piece;
}

/* By what it holds, not by what was asked for: it may come from elsewhere. */
static void give(void *p)
{
    size_t bytes = p ? malloc_usable_size(p) : 0;
    size_t class = bytes < bytes_of(1) ? 0 : (bytes - 8) / 16;
    if (class == 0 || class >= CLASSES || kept.ended ||
        kept.bytes + bytes_of(class) > JSON_POOL_BYTES) {
        free(p);
        return;
    }
    if (!kept.known && pthread_setspecific(key, &kept) != 0) {
        free(p);
        return;
    }
    kept.known = true;
    struct piece *piece = p;
    piece->next = kept.free[class];
    kept.free[class] = piece;
    kept.bytes += bytes_of(class);
}

static void end_thread(void *arg)
{
    struct kept *k = arg;
    k->ended = true;
    for (size_t class = 0; class < CLASSES; class ++) {
        while (k->free[class]) {
            struct piece *piece = k->free[class];
            k->free[class] = piece->next;
            free(piece);
        }
    }
    k->bytes = 0;
}

void json_pool_start(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    if (pthread_key_create(&key, end_thread) == 0)
        json_set_alloc_funcs(take, give);
#else
    (void)take;
    (void)give;
    (void)end_thread;
#endif
}
