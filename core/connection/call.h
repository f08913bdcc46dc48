/* SPDX-License-Identifier: MIT
 * Calls into plugins that are under way: who is in one, for how long, and which one it was when the
 * program ends in it.
 *
 * Every call of a plugin stands between call_begin and call_end. A thread of this file sleeps until
 * the first deadline; a call that is beyond it is named in the log and to its owner. */
#ifndef KOPPEL_CONNECTION_CALL_H
#define KOPPEL_CONNECTION_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define CALL_EXIT_STATUS 70 /* of a program that a plugin ended with exit() */

struct call {
    const char *plugin, *op;         /* "mpluskassa", "read" */
    const char *connection, *entity; /* NULL: none */
    int64_t limit_ms; /* how long it may be on its own; 0: it is not watched */
    /* Told in words when the call is beyond its deadline, and with NULL when it came back after
     * all; NULL: nobody is. Called without a lock, and before call_end returns. */
    void (*late)(void *arg, const char *words);
    void *arg;
    /* What follows is this file's. */
    int64_t begun_ms, due_ms;
    bool named, telling;
    int inside; /* in the host: the deadline rests */
    struct call *outer, *next, *previous;
};

/* Fill the first members. On the thread that calls. */
void call_begin(struct call *call);
void call_end(struct call *call);
/* Around what the host does on the plugin's behalf: its time is not the plugin's. */
void call_host_begin(void);
void call_host_end(void);
/* What is left of this thread's call; INT64_MAX: it is not watched. */
int64_t call_left_ms(void);
/* "plugin mpluskassa, read of order, connection till, for 65 s" */
void call_words(const struct call *call, char *out, size_t room);

/* Once in main: a crash or an exit() inside a plugin ends with one line on standard error that
 * names the plugin and the call, and with a status that is not 0. end: _exit, which is main's. */
int call_guard(void (*end)(int status), struct koppel_error *err);
/* The program is to end: calls that are not back after ms are named, and the program ends without
 * them, with this exit status. Nothing happens where all come back. */
void call_give_up_after(int64_t ms, int status);

#endif
