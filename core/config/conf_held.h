/* SPDX-License-Identifier: MIT
 * Everything a conf consists of lives until conf_free: memory, and things with
 * their own end. */
#ifndef KOPPEL_CONFIG_CONF_HELD_H
#define KOPPEL_CONFIG_CONF_HELD_H

#include <stddef.h>

struct conf_held;

/* Gives memory back; ends the program where it is NULL. */
void *conf_held_must(void *memory);
/* Zeroed; ends the program where there is no memory. */
void *conf_held_alloc(struct conf_held **held, size_t bytes);
char *conf_held_copy(struct conf_held **held, const char *text);
char *conf_held_text(struct conf_held **held, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Calls done(thing) when the conf is freed. */
void conf_held_keep(struct conf_held **held, void *thing, void (*done)(void *));
/* Ends for conf_held_keep: of a json_t, of a struct secret. */
void conf_held_json_done(void *json);
void conf_held_secret_done(void *secret);

/* Frees all of it; takes NULL. */
void conf_held_free(struct conf_held *held);

#endif
