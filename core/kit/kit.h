/* SPDX-License-Identifier: MIT
 * The kit: holds a plugin against the contract, check by check, each in a process of its own. */
#ifndef KOPPEL_KIT_KIT_H
#define KOPPEL_KIT_KIT_H

#include <stdbool.h>

#include "config/conf_report.h"
#include "kit/kit_check.h"

struct kit_options {
    const char *file;            /* the plugin, absolute */
    const char *config;          /* a connection's file, absolute; NULL */
    const char *previous;        /* the catalogue of the version before, a file; NULL */
    const char *only;            /* "R5", or "R" for the group; NULL: all */
    const char *record, *replay; /* folders; NULL */
    const char *plugins;         /* folder of other plugins that a configuration may name; NULL */
    void (*end)(int status);     /* how a child ends: _exit, which is main's */
    int patience;                /* how many times longer a check may take; 0: 1 */
};

/* What came of a check. */
enum kit_verdict { KIT_PASSED, KIT_FAILED, KIT_NOT_NEEDED, KIT_LEFT_OUT };

struct kit_row {
    const char *id, *title, *remedy;
    enum kit_verdict verdict;
    const char *text; /* of all but KIT_PASSED: why */
};

struct kit_counts {
    int passed, failed, not_needed, left_out;
};

/* Runs the checks in their order and tells each one. -1: it could not run (err; mistakes of files
 * in report). */
int kit_run(const struct kit_options *options, void (*tell)(void *arg, const struct kit_row *row),
            void *arg, struct kit_counts *counts, struct conf_report *report,
            struct koppel_error *err);
/* How many checks there are of a kind (KIT_CONNECTOR, KIT_TRANSFORM). */
int kit_count(unsigned kind);

#endif
