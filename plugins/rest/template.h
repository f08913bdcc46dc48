/* SPDX-License-Identifier: MIT
 * Texts of a description in which {name} stands for a setting or for what a call is about, and JSON
 * of such texts. "{{" is a brace. {name|integer} is a whole number, {name|short} 32 hex digits that
 * are made of it. */
#ifndef PLUGINS_REST_TEMPLATE_H
#define PLUGINS_REST_TEMPLATE_H

#include "text.h"

/* What a call is about, by its bit; template_names has the names. */
enum {
    VAR_ID = 1 << 0,
    VAR_SINCE = 1 << 1,
    VAR_PAGE = 1 << 2,
    VAR_OFFSET = 1 << 3,
    VAR_CURSOR = 1 << 4,
    VAR_LIMIT = 1 << 5,
    VAR_VALUE = 1 << 6,
    VAR_VALUES = 1 << 7,
    VAR_JOB = 1 << 8,
    VAR_VERSION = 1 << 9,
    VAR_RECORD = 1 << 10, /* {record} in JSON, {record.number} anywhere */
    VAR_RECORDS = 1 << 11,
    VAR_HOOK_URL = 1 << 12,
    VAR_HOOK_SECRET = 1 << 13,
    VAR_BODY = 1 << 14,
    VAR_TIMESTAMP = 1 << 15,
    VAR_NOW = 1 << 16,
};
extern const char *const template_names[]; /* NULL behind the last one */

/* NULL or -1: it is not known here. */
struct vars {
    const char *id, *since, *cursor, *value, *job, *version, *hook_url, *hook_secret, *body,
        *timestamp;
    int64_t page, offset, limit;
    const json_t *record, *records, *values;
    const json_t *options; /* of the flow, for an entity with options */
};
#define VARS_NONE {.page = -1, .offset = -1, .limit = -1}

enum template_form { TEMPLATE_PLAIN, TEMPLATE_ESCAPED };

/* Before the texts of a call: nothing is a misfit, or unfit, yet. */
void template_begin(struct rest *r);
/* What in the texts since then is there and cannot be put in, as words for people; "": nothing. A
 * key that is no whole number is among it, as of a write it is no less wrong. */
const char *template_fault(const struct rest *r, char *room, size_t bytes);
/* Is it of the record, or of what the call is about, and no setting? */
bool template_is_of_call(const char *name);

/* Adds the text. 0; 1: something in it is not known; -1: no memory, which t tells too. */
int template_text(struct rest *r, const char *text, const struct vars *v, enum template_form form,
                  struct text *t);
/* The JSON with its texts put in, new. A member or element that is not known is left out. NULL: no
 * memory, or the whole is not known. */
json_t *template_json(struct rest *r, const json_t *json, const struct vars *v);
/* Does it hold a setting that the description calls secret? */
bool template_is_secret(const json_t *catalogue, const char *text);
/* Does the text, or one inside the JSON, use this variable? */
bool template_uses(const json_t *json, const char *name);

/* The next {name} of a text, at or behind *at, which is moved behind it: its length, and where it
 * begins; 0: there is none. *how: what stands behind |. -1: it is not closed, or too long. */
int template_next(const char **at, const char **name, const char **how);

#endif
