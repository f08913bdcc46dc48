/* SPDX-License-Identifier: MIT
 * Lists. */
#include "kit/kit_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int kit_list_open(struct kit_session *s, const struct kit_run *r, char *text, size_t room)
{
    struct koppel_error err = {0};
    if (kit_session_open(s, r, r->conf, &err) == 0)
        return 0;
    snprintf(text, room, "open() failed: %s", err.text);
    kit_session_close(s);
    return -1;
}

int kit_list_ask(const struct kit_run *r, const struct kit_step *step, struct kit_answer *a,
                 char *text, size_t room)
{
    struct kit_session s = {0};
    if (kit_list_open(&s, r, text, room) < 0)
        return -1;
    kit_session_ask(&s, step, a);
    kit_session_close(&s);
    if (!kit_session_fault(step, a, text, room))
        return 0;
    kit_session_done(a);
    return -1;
}

/* Takes over what the batch holds. */
static void take(struct kit_list *l, struct koppel_batch *b)
{
    for (int i = 0; i < b->count && l->count < KIT_LIST_RECORDS; i++) {
        if (b->records[i].kind == BATCH_UNREADABLE_RECORD)
            continue;
        l->records[l->count++] = (struct kit_list_record){
            strdup(b->records[i].key), b->records[i].version, json_incref(b->records[i].record)};
    }
    l->cut = l->count >= KIT_LIST_RECORDS;
}

static int read_pages(struct kit_session *s, const struct cat_entity *e, uint32_t limit,
                      const char *from, struct kit_list *out, char *text, size_t room)
{
    char *cursor = from ? strdup(from) : NULL;
    int rc = 0, page = 1;
    bool more = true;
    for (; rc == 0 && more && !out->cut; page++) {
        struct kit_step step = {.op = KIT_READ, .entity = e, .limit = limit,
                                .cursor = e->numbered ? NULL : cursor,
                                .page = e->numbered ? (uint32_t)page : 0};
        struct kit_answer a = {0};
        kit_session_ask(s, &step, &a);
        bool still = a.rc == 0 && a.batch.more && a.batch.count == 0 && !e->numbered && cursor &&
                     a.batch.next_cursor && strcmp(cursor, a.batch.next_cursor) == 0;
        if (kit_session_fault(&step, &a, text, room)) {
            rc = -1;
        } else if (a.rc < 0) {
            snprintf(text, room, "read of %s failed: %s", e->name, a.err.text);
            rc = -1;
        } else if (still || page > KIT_LIST_PAGES) {
            snprintf(text, room, "read of %s says that more follows, and %s", e->name,
                     still ? "its cursor stands still" : "does not end");
            rc = -1;
        } else {
            take(out, &a.batch);
            more = a.batch.more;
            free(cursor);
            cursor = strdup(a.batch.next_cursor);
            if (page == 1) {
                out->first_count = out->count;
                out->first_cursor = strdup(cursor);
            }
        }
        kit_session_done(&a);
    }
    free(cursor);
    return rc;
}

int kit_list_read(const struct kit_run *r, const struct cat_entity *e, uint32_t limit,
                  const char *cursor, struct kit_list *out, char *text, size_t room)
{
    struct kit_session s = {0};
    *out = (struct kit_list){.records = calloc(KIT_LIST_RECORDS, sizeof *out->records)};
    if (!out->records || kit_list_open(&s, r, text, room) < 0)
        return -1;
    int rc = read_pages(&s, e, limit, cursor, out, text, room);
    kit_session_close(&s);
    return rc;
}

void kit_list_done(struct kit_list *l)
{
    for (int i = 0; i < l->count; i++) {
        free(l->records[i].key);
        json_decref(l->records[i].record);
    }
    free(l->records);
    free(l->first_cursor);
    *l = (struct kit_list){0};
}

const struct kit_list_record *kit_list_find(const struct kit_list *l, const char *key)
{
    for (int i = 0; i < l->count; i++) {
        if (strcmp(l->records[i].key, key) == 0)
            return &l->records[i];
    }
    return NULL;
}
