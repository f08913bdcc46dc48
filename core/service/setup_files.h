/* SPDX-License-Identifier: MIT
 * The files that a set-up comes to. Browser and terminal, and whoever answers in another order,
 * come to the same bytes. */
#ifndef KOPPEL_SERVICE_SETUP_FILES_H
#define KOPPEL_SERVICE_SETUP_FILES_H

#include "service/service.h"
#include "service/setup_draft.h"

struct setup_file {
    char *path;       /* absolute */
    char *text;
    size_t bytes;
    char *was;        /* as it is on the disk; NULL: it is not there */
    size_t was_bytes;
    bool sealed;      /* a secret: its text is for no eyes */
};

struct setup_files {
    struct setup_file *items;
    int count;
};

/* tables: with the tables and the filter by date; without, as long as these are asked for. */
int setup_files_make(const struct service *s, const struct setup_draft *d, bool tables,
                     struct setup_files *out, struct koppel_error *err);
void setup_files_done(struct setup_files *f);

/* The file of a table, relative to the directory; the caller frees it. */
char *setup_files_table(const struct setup_draft *d, const char *table);
/* How a setting of a catalogue is written from an answer: a text, true or false, or a list of
 * texts; NULL: there is none. The caller frees it. */
char *setup_files_value(const json_t *answer);

#endif
