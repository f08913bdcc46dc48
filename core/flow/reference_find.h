/* SPDX-License-Identifier: MIT
 * One thing that a record refers to, and looking for it at the destination. */
#ifndef KOPPEL_FLOW_REFERENCE_FIND_H
#define KOPPEL_FLOW_REFERENCE_FIND_H

#include "flow/work.h"

#define REFERENCE_SCOPE_BYTES 320

struct wanted {
    struct work *work;
    const struct cat_reference *ref;
    const struct conf_reference *conf;
    const struct cat_entity *entity;
    const struct behaviour *behaviour;
    struct means means;
    int depth;                 /* references of references */
    char scope[REFERENCE_SCOPE_BYTES];

    json_t *part;              /* where it stands in the core record */
    char key[STORE_KEY_BYTES]; /* of its link: how it compares */
    char said[STORE_KEY_BYTES]; /* what that stands for, for messages */
    struct store_link *link;
    bool make_new;             /* beside the one its link knows */
    bool shared;               /* it uses another one's card */
    const char *lock;          /* shared with others that would be one there; NULL: with none */

    enum asked asked;
    char *id, *alias;          /* of what was found */
    json_t *record;
    char tried[STORE_KEY_BYTES]; /* the first value that it was looked for by, for messages */
};

/* The reference as its behaviour sees it. */
struct subject reference_find_subject(const struct wanted *w);
/* A member of the part as text, "" where there is none. */
const char *reference_find_text(const json_t *part, const char *name, char buf[32]);
void reference_find_note(const struct wanted *w, const char *what, const char *detail);
void reference_find_forget(struct wanted *w);
/* Do others name this record by its id itself, so that no alias need be kept? */
bool reference_find_by_id(const struct wanted *w);

/* A look-up may not show yet what was made a moment ago: KOPPEL_E_RETRY with reason "quiet". */
int reference_find_too_early(const struct flow *f, const struct cat_entity *e,
                             const struct store_link *link, struct koppel_error *err);
/* Notes on its link what others name it by, where that is not its id. Copied. */
int reference_find_name(struct wanted *w, const char *alias, struct koppel_error *err);

/* One key in one field: w->asked and what was found. Several hits: the tie-break, or
 * KOPPEL_E_REJECTED with reason "NAME.ambiguous". */
int reference_find_one(struct wanted *w, const char *field, const char *key,
                       struct koppel_error *err);
/* The match keys in order: those of begun (in the destination's shape), where it is given. */
int reference_find_match(struct wanted *w, const json_t *begun, struct koppel_error *err);

#endif
