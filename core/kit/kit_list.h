/* SPDX-License-Identifier: MIT
 * A whole list of an entity, read page by page. */
#ifndef KOPPEL_KIT_KIT_LIST_H
#define KOPPEL_KIT_KIT_LIST_H

#include "kit/kit_session.h"

#define KIT_LIST_RECORDS 300 /* more are not looked at */
#define KIT_LIST_PAGES 400

struct kit_list_record {
    char *key;
    int64_t version;
    json_t *record; /* NULL: gone */
};

struct kit_list {
    struct kit_list_record *records; /* in their order; unreadable ones are left out */
    int count;
    int first_count;    /* of the first page */
    char *first_cursor; /* behind it */
    bool cut;           /* there is more that was not read */
};

/* An instance, with what is recorded as its peer where that is wanted. -1: text says why. */
int kit_list_open(struct kit_session *s, const struct kit_run *r, char *text, size_t room);
/* One call by an instance of its own. 0: a is the answer, which may be a failure
 * (kit_session_done); -1: text says how it breaks the contract. */
int kit_list_ask(const struct kit_run *r, const struct kit_step *step, struct kit_answer *a,
                 char *text, size_t room);
/* From a cursor on (NULL: the beginning), in pages of limit (0: as large as they are). -1: text
 * says what is wrong; kit_list_done all the same. */
int kit_list_read(const struct kit_run *r, const struct cat_entity *e, uint32_t limit,
                  const char *cursor, struct kit_list *out, char *text, size_t room);
void kit_list_done(struct kit_list *l);
/* The first with that key; NULL: none. */
const struct kit_list_record *kit_list_find(const struct kit_list *l, const char *key);

#endif
