/* SPDX-License-Identifier: MIT
 * A check in a process of its own: bounded in time and memory, whatever the plugin does. */
#ifndef KOPPEL_KIT_KIT_CHILD_H
#define KOPPEL_KIT_KIT_CHILD_H

#include <stddef.h>

#include "base/err.h"

enum kit_child_outcome { KIT_PASS, KIT_FAIL, KIT_NOTHING };

#define KIT_CHILD_TEXT_BYTES 1536
#define KIT_CHILD_SECONDS 10 /* of the processor */
#define KIT_CHILD_WAIT 60    /* seconds in which it must end, whatever it waits for */

struct kit_child_result {
    enum kit_child_outcome outcome;
    char text[KIT_CHILD_TEXT_BYTES]; /* of KIT_FAIL and KIT_NOTHING: why */
};

struct kit_child_limits {
    int times;               /* how many times longer than usual it may take; 0: 1 */
    void (*end)(int status); /* _exit, which is main's */
    const char *folder;      /* where the child works; NULL: where it is */
};

/* Runs run(arg) in a child. What ends it in another way than by returning is a failure that says
 * how, and in what (kit_child_doing). -1: no child could be made. */
int kit_child_run(enum kit_child_outcome (*run)(void *arg), void *arg,
                  const struct kit_child_limits *limits, struct kit_child_result *out,
                  struct koppel_error *err);

/* In the child: the reason of its outcome, which they give. */
enum kit_child_outcome kit_child_fail(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
enum kit_child_outcome kit_child_nothing(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
/* In the child: what it does now ("read of order"), for whoever finds it dead. */
void kit_child_doing(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* In the child: what was printed so far on standard output and error, cut to room. Gives its bytes.
 */
size_t kit_child_printed(char *out, size_t room);
/* In the child: a further process that shares its fate, for what must hold in another one. Gives
 * what run gave there, KIT_FAIL where it ended in another way. */
enum kit_child_outcome kit_child_beside(enum kit_child_outcome (*run)(void *arg), void *arg);

#endif
