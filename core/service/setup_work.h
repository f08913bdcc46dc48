/* SPDX-License-Identifier: MIT
 * What the steps of a set-up are made from: the draft, and the configuration as it would be, with
 * its connections, beside the one that is active. */
#ifndef KOPPEL_SERVICE_SETUP_WORK_H
#define KOPPEL_SERVICE_SETUP_WORK_H

#include "connection/list.h"
#include "engine/generation.h"
#include "service/service.h"
#include "service/setup_draft.h"
#include "service/setup_files.h"

struct setup_work_list;

struct setup_work {
    struct service *service;
    const struct service_ask *ask;
    const char *language; /* "en", "de", "nl" */
    struct setup_draft draft;
    /* Of setup_work_load. */
    struct setup_files files;
    struct generation *generation;
    const struct conf *conf; /* the generation's */
    struct setup_work_list *lists;
};

void setup_work_init(struct setup_work *w, struct service *s, const struct service_ask *ask);
void setup_work_done(struct setup_work *w);

/* Loads the configuration with what was answered laid over it; what was loaded before goes. tables:
 * as setup_files_make; without, a table that a rule asks for may be missing. *mistakes: a new list
 * as lifecycle_mistakes. 0; 1: it has mistakes, and there is none; -1 and err. */
int setup_work_load(struct setup_work *w, bool tables, json_t **mistakes,
                    struct koppel_error *err);
/* The same where no mistake is expected: -1 and err, which tells the first. */
int setup_work_must(struct setup_work *w, bool tables, struct koppel_error *err);
/* The connection of that name of what was loaded; NULL and err. */
struct connection *setup_work_connection(struct setup_work *w, const char *name,
                                         struct koppel_error *err);
/* A choice list of it, asked for once; NULL and err. Borrowed until setup_work_done. */
const struct koppel_list *setup_work_list(struct setup_work *w, const char *connection,
                                          const char *list, struct koppel_error *err);
/* The catalogue of a system of the draft; NULL and err. */
const struct catalogue *setup_work_catalogue(struct setup_work *w, const char *system,
                                             struct koppel_error *err);
/* How people call it: the title of its connector. A new reference. */
json_t *setup_work_title(struct setup_work *w, const char *system);

#endif
