/* SPDX-License-Identifier: MIT
 * What a conf consists of, and how it ends: memory and things that live until conf_free. */
#include "config/conf_held.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"

struct conf_held {
    struct conf_held *next;
    void *thing;
    void (*done)(void *);
};

void *conf_held_must(void *memory)
{
    if (!memory) {
        log_error(NULL, "out of memory while reading the configuration");
        abort();
    }
    return memory;
}

void conf_held_keep(struct conf_held **held, void *thing, void (*done)(void *))
{
    struct conf_held *h = conf_held_must(malloc(sizeof *h));
    *h = (struct conf_held){*held, thing, done};
    *held = h;
}

void *conf_held_alloc(struct conf_held **held, size_t bytes)
{
    void *memory = conf_held_must(calloc(1, bytes ? bytes : 1));
    conf_held_keep(held, memory, free);
    return memory;
}

char *conf_held_copy(struct conf_held **held, const char *text)
{
    char *copy = conf_held_must(strdup(text ? text : ""));
    conf_held_keep(held, copy, free);
    return copy;
}

char *conf_held_text(struct conf_held **held, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    conf_held_must(n < 0 ? NULL : text);
    conf_held_keep(held, text, free);
    return text;
}

void conf_held_free(struct conf_held *h)
{
    while (h) {
        struct conf_held *next = h->next;
        h->done(h->thing);
        free(h);
        h = next;
    }
}

void conf_held_secret_done(void *s)
{
    secret_free(s);
}

void conf_held_json_done(void *j)
{
    json_decref(j);
}
