/* SPDX-License-Identifier: MIT
 * Small plain values that commands and engine share. Rows are gathered first and shown afterwards,
 * so that the caller's function may call the store again. */
#include "store/sql_note.h"

#include <stdlib.h>

struct note {
    char *name, *value;
};

struct note_arg {
    const char *name, *value;
    char *out;
    struct note *notes;
    int count;
};

static int get_note(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct note_arg *a = arg;
    struct conn_rows *st;
    bool failed = false;
    (void)s;
    free(a->out);
    a->out = NULL;
    int row = conn_row(c, &st, SQL_NOTE_GET, err, "t", a->name);
    if (row != 1)
        return row;
    a->out = conn_text(st, 0, &failed);
    conn_reset(st);
    return failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : 0;
}

int sql_note_get(struct store *s, const char *name, char **out, struct koppel_error *err)
{
    struct note_arg a = {.name = name};
    if (sql_look(sql_of(s), get_note, &a, err) != 0)
        return -1;
    *out = a.out;
    return 0;
}

static int put_note(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct note_arg *a = arg;
    (void)s;
    return a->value ? conn_run(c, SQL_NOTE_PUT, err, "tt", a->name, a->value)
                    : conn_run(c, SQL_NOTE_DELETE, err, "t", a->name);
}

int sql_note_put(struct store *s, const char *name, const char *value, struct koppel_error *err)
{
    struct note_arg a = {.name = name, .value = value};
    return sql_change(sql_of(s), SQL_HARD, put_note, &a, err);
}

int sql_note_put_soon(struct store *s, const char *name, const char *value,
                         struct koppel_error *err)
{
    struct note_arg a = {.name = name, .value = value};
    return sql_change(sql_of(s), SQL_SOFT, put_note, &a, err);
}

static int claim_note(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct note_arg *a = arg;
    if (conn_run(c, SQL_NOTE_CLAIM, err, "tt", a->name, a->value) != 0)
        return -1;
    return get_note(s, c, a, err);
}

int sql_note_claim(struct store *s, const char *name, const char *value, char **holder,
                      struct koppel_error *err)
{
    struct note_arg a = {.name = name, .value = value};
    if (sql_change(sql_of(s), SQL_HARD, claim_note, &a, err) != 0) {
        free(a.out);
        return -1;
    }
    *holder = a.out;
    return 0;
}

static int list_notes(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct note_arg *a = arg;
    struct conn_rows *st;
    bool failed = false;
    (void)s;
    int row = conn_row(c, &st, SQL_NOTES, err, "t", a->name);
    for (; row == 1 && !failed; row = conn_step(c, st, err)) {
        struct note *more = realloc(a->notes, ((size_t)a->count + 1) * sizeof *more);
        failed = !more;
        if (failed)
            break;
        a->notes = more;
        struct note *n = &a->notes[a->count++];
        n->name = conn_text(st, 0, &failed);
        n->value = conn_text(st, 1, &failed);
    }
    if (failed)
        conn_reset(st);
    return failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : row < 0 ? -1 : 0;
}

int sql_note_list(struct store *s, const char *prefix,
                     int (*visit)(void *arg, const char *name, const char *value), void *arg,
                     struct koppel_error *err)
{
    struct note_arg a = {.name = prefix};
    int rc = sql_look(sql_of(s), list_notes, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, a.notes[i].name, a.notes[i].value);
    for (int i = 0; i < a.count; i++) {
        free(a.notes[i].name);
        free(a.notes[i].value);
    }
    free(a.notes);
    return rc;
}
