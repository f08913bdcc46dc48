/* SPDX-License-Identifier: MIT
 * A record on its way as a behaviour sees it, and what behaviours ask of it and do to it. */
#ifndef KOPPEL_BEHAVIOUR_SUBJECT_H
#define KOPPEL_BEHAVIOUR_SUBJECT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "catalogue/catalogue.h"
#include "config/conf.h"

/* All borrowed. */
struct subject {
    const struct conf_flow *flow;     /* its names */
    const json_t *settings;           /* the model's, with defaults; texts */
    const struct cat_entity *entity;  /* of the destination, to which it goes */
    const struct conf_mapping *send;  /* how it is brought into that shape */
    json_t *core;                     /* the record; complete and keep change it in place */
    json_t *notes;                    /* steps for the activity; NULL: none wanted */
    bool there;                       /* it stands at the destination, or may */
    bool ends;                        /* it is being made inactive, as it left or is gone */
    bool gone;                        /* gone at the source */
};

/* A text member of the core record, "" where there is none. */
const char *subject_text(const struct subject *s, const char *name);
/* A setting of the model, "" where there is none. */
const char *subject_setting(const struct subject *s, const char *name);
bool subject_setting_is(const struct subject *s, const char *name, const char *value);
/* A step for the activity. */
void subject_note(const struct subject *s, const char *name, const char *text);
/* What core/model says of a record that holds nothing to send; once it stands there it is changed
 * like any other. */
const char *subject_nothing(const struct subject *s, const char **why);
/* The same of a document: one without lines is somebody's beginning, where the destination is sent
 * lines at all. */
const char *subject_no_lines(const struct subject *s, const char **why);
/* The rules of core/model for this record. */
int subject_complete(struct subject *s, struct koppel_error *err);

#endif
