/* SPDX-License-Identifier: MIT
 * Edits of configuration files in which every byte stays but those of the value: comments, blanks,
 * the order of things and the way in which they are written.
 *
 * An order names a place in a file by its path: names and, in lists, numbers from 0, with slashes
 * between ("references/customer/missing", "filter/0/field"). An element can also be named by a
 * member of it ("map/to=number/default"). What libconfig makes of the file afterwards must be what
 * it was plus the change; else the edit is refused, and nothing of it stays. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_H
#define KOPPEL_CONFIG_CONF_EDIT_H

#include <stdbool.h>

#include "config/conf_edit_files.h"

enum conf_edit_kind {
    /* A value; members that are not there yet are made, with the groups that they need. "filter/+"
     * is one more element of a list. */
    CONF_EDIT_SET,
    CONF_EDIT_UNSET,  /* a member or element, with the comment lines directly above it */
    CONF_EDIT_INSERT, /* an element before the one that the path names */
    CONF_EDIT_MOVE,   /* an element with its comments to another place of its list */
};

struct conf_edit_order {
    enum conf_edit_kind kind;
    const char *file;  /* absolute path; what it includes is edited where it stands */
    const char *path;
    const char *value; /* SET, INSERT: as conf_edit_value.h has it */
    bool swapped;      /* a number, true or false is taken the other way: as text, or not as text */
    int to;            /* MOVE: its number afterwards, from 0 */
};

/* Carries out one order in memory; several may follow one another. -1 and err (KOPPEL_E_CONFIG):
 * there is no such place (with the nearest name that is), the value is none, or the place cannot be
 * edited. */
int conf_edit(struct conf_edit_files *files, const struct conf_edit_order *order,
              struct koppel_error *err);

#endif
