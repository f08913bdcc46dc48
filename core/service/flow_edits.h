/* SPDX-License-Identifier: MIT
 * Edits of a flow's file, carried out in memory: what a form, a mapping that is tried and a save
 * have in common.
 *
 * An edit is {"do": "set" (where it is left out), "unset", "insert" or "move", "path": inside the
 * flow's file, "value": as it would be typed, or "data": the same as JSON, "to": of a move}. They
 * follow one another, so that an element that goes changes the numbers of those behind it. Setting
 * "map/+" makes the list where there is none. */
#ifndef KOPPEL_SERVICE_FLOW_EDITS_H
#define KOPPEL_SERVICE_FLOW_EDITS_H

#include "config/conf_edit_files.h"
#include "service/service.h"

struct flow_edits {
    struct conf_edit_files files;
    struct conf_edit_file *flow; /* the flow's own file */
    char *file;                  /* its absolute path */
    char *digest;                /* of its bytes as they were read */
};

/* The file as it is on the disk; ended by flow_edits_done, also after -1. */
int flow_edits_open(struct flow_edits *e, struct service *s, const char *flow,
                    struct koppel_error *err);
void flow_edits_done(struct flow_edits *e);

/* -1 and err (SERVICE_WRONG where the asker is to blame): an edit cannot be made. What is no value
 * at all stands behind the file then, so that loading says what is wrong with it as it would of a
 * file. */
int flow_edits_apply(struct flow_edits *e, const json_t *edits, struct koppel_error *err);

/* The configuration with the files as they are in memory, cases not run. NULL: report. */
struct conf *flow_edits_load(const struct flow_edits *e, struct service *s,
                             struct conf_report *report);

#endif
