/* SPDX-License-Identifier: MIT
 * Rows that probe(), choices() and verify() of a connector gave. */
#ifndef KOPPEL_CONNECTION_LIST_H
#define KOPPEL_CONNECTION_LIST_H

#include <jansson.h>
#include <stdint.h>

#include "base/err.h"

struct list_row {
    char *value, *title;
    uint32_t outcome; /* KOPPEL_STEP_*; 0: a fact or a value, no step */
    int64_t at_ns;    /* monotonic: when it was given */
    char *setting;    /* of a step: the setting to look at; NULL: none */
    json_t *facts;    /* more of a value ("rate", "until"); NULL: none */
};

struct koppel_list {
    struct list_row *rows;
    int count, room;
};
void list_done(struct koppel_list *l);
/* A fact of a row as text, NULL where it has none. */
const char *list_fact(const struct list_row *row, const char *name);

/* The host table's own. */
int list_add(struct koppel_list *out, const char *value, const char *title,
             struct koppel_error *err);
int list_add_fact(struct koppel_list *out, const char *name, const char *value,
                  struct koppel_error *err);
int list_add_step(struct koppel_list *out, const char *step, uint32_t outcome,
                  const char *setting, const char *text, struct koppel_error *err);

#endif
