/* SPDX-License-Identifier: MIT
 * One configured value against a choice list of its connection. For settings_check.c alone. */
#ifndef KOPPEL_CONNECTION_SETTINGS_LIST_H
#define KOPPEL_CONNECTION_SETTINGS_LIST_H

#include "connection/settings_check.h"

/* What is held against a list. */
struct settings_value {
    const char *list; /* the catalogue's */
    const char *value;
    struct conf_at at; /* where a person wrote it */
    const char *path;  /* as in struct conf_mistake; NULL */
    const char *what;  /* how the sentence begins: `setting "branch"` */
};

/* Is the value in the list, and may it be used? It is told where not. *row: the row it is; NULL: it
 * is none, or blank, or unfit. -1: the list could not be fetched. */
int settings_list_check(struct settings_check *s, const struct settings_value *v,
                        const struct list_row **row, struct koppel_error *err);
/* Tells a mistake at the value. */
void settings_list_wrong(struct settings_check *s, const struct settings_value *v,
                         const char *nearest, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Frees the lists that were fetched. */
void settings_list_done(struct settings_check *s);

#endif
