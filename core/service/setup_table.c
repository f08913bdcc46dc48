/* SPDX-License-Identifier: MIT
 * The step that fills one value table. */
#include "service/setup_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_csv_edit.h"
#include "config/conf_source.h"
#include "service/setup_keys.h"
#include "service/setup_plan.h"
#include "service/setup_propose.h"
#include "service/setup_question.h"
#include "service/setup_text.h"

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static const json_t *find(const json_t *tables, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)tables, i, one) {
        if (strcmp(member(one, "name"), name) == 0)
            return one;
    }
    return NULL;
}

int setup_table_find(struct setup_work *w, struct koppel_error *err)
{
    json_t *draft = w->draft.json, *all, *one, *kept;
    size_t i;
    if (json_object_get(draft, "tables") || json_array_size(json_object_get(draft, "flows")) == 0)
        return 0;
    if (setup_work_must(w, false, err) != 0 || !(all = setup_keys_tables(w, err)))
        return -1;
    kept = json_array();
    json_array_foreach(all, i, one)
        (void)json_array_append_new(kept, json_pack("{s:O,s:O,s:O,s:O}", "name",
                                                    json_object_get(one, "name"), "from",
                                                    json_object_get(one, "from"), "to",
                                                    json_object_get(one, "to"), "flows",
                                                    json_object_get(one, "flows")));
    json_decref(all);
    return json_object_set_new(draft, "tables", kept) == 0
               ? 0
               : err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- what is there already ---- */

/* {KEY: value} of the file on the disk; empty where there is none. */
static json_t *rows_there(struct setup_work *w, const char *table)
{
    struct koppel_error ignored = {0};
    json_t *out = json_object(), *rows = NULL, *row;
    char *relative = setup_files_table(&w->draft, table), *path = NULL, *text = NULL;
    const char *why;
    size_t i, bytes;
    if (relative && asprintf(&path, "%s/%s", w->service->dir, relative) >= 0)
        text = conf_source_now(path, &bytes, &why);
    if (text)
        rows = conf_csv_edit_rows(text, &conf_csv_edit_plain, &ignored);
    json_array_foreach(rows, i, row)
        (void)json_object_set(out, json_string_value(json_array_get(json_object_get(row, "key"),
                                                                    0)),
                              json_object_get(row, "value"));
    json_decref(rows);
    free(relative);
    free(path);
    free(text);
    return out;
}

/* ---- proposals ---- */

/* The VAT code of a key: as it was answered in a table of codes, else as one would be proposed. */
static const char *code_of(struct setup_work *w, const json_t *tables, const json_t *table,
                           const json_t *key)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)tables, i, one) {
        char step[SETUP_PLAN_NAME + 8];
        const char *because;
        struct koppel_error ignored = {0};
        if (one == table || !json_is_true(json_object_get(one, "rates")))
            continue;
        snprintf(step, sizeof step, "%.79s.table", member(one, "name"));
        if (setup_draft_answers(&w->draft, step))
            return setup_draft_text(&w->draft, step, member(key, "key"));
        struct setup_propose p = {.home = w->conf->home.country};
        p.rows = setup_work_list(w, member(one, "connection"), member(one, "list"), &ignored);
        const struct list_row *row = p.rows ? setup_propose_row(&p, key, &because) : NULL;
        if (row)
            return row->value;
    }
    return NULL;
}

static void propose(struct setup_work *w, json_t *q, const json_t *tables, const json_t *table,
                    const json_t *key, const struct koppel_list *rows)
{
    struct setup_propose p = {rows, w->conf->home.country, code_of(w, tables, table, key)};
    const char *because = NULL;
    const struct list_row *row = rows ? setup_propose_row(&p, key, &because) : NULL;
    if (!row)
        return;
    setup_question_put(q, "default", json_string_nocheck(row->value));
    setup_question_put(q, "because", setup_text(because, w->language, NULL));
}

/* ---- the step ---- */

static int fill(struct setup_work *w, json_t *step, const char *name, const json_t *tables,
                const json_t *table, struct koppel_error *err)
{
    const char *list = json_string_value(json_object_get(table, "list"));
    const struct koppel_list *rows =
        list ? setup_work_list(w, member(table, "connection"), list, err) : NULL;
    json_t *there = rows_there(w, member(table, "name")), *key;
    size_t i;
    for (int k = 0; rows && k < rows->count; k++) {
        const char *kind = list_fact(&rows->rows[k], "kind");
        bool sales = !kind || strcmp(kind, "purchase") != 0;
        if (sales && !rows->rows[k].outcome && !list_fact(&rows->rows[k], "not"))
            setup_question_choice(step, rows->rows[k].value,
                                  json_string_nocheck(rows->rows[k].title));
    }
    json_array_foreach(json_object_get(table, "keys"), i, key) {
        json_t *now = json_object_get(there, member(key, "key"));
        json_t *q = setup_question_add(step, member(key, "key"), list ? "choice" : "text",
                                       json_incref(json_object_get(key, "title")), NULL);
        if (now) {
            setup_question_put(q, "default", json_incref(now));
            setup_question_put(q, "because", setup_text("because.before", w->language, NULL));
        } else {
            propose(w, q, tables, table, key, rows);
        }
        setup_question_before(w, name, q);
    }
    json_decref(there);
    return list && !rows ? -1 : 0;
}

/* Tables of shipped mappings have a name in each language; another is called by what it fills. */
static json_t *title_of(struct setup_work *w, const json_t *table)
{
    char key[SETUP_PLAN_NAME];
    snprintf(key, sizeof key, "table.%.60s", member(table, "name"));
    return setup_text_raw(key, w->language) ? setup_text(key, w->language, NULL)
                                            : json_incref(json_object_get(table, "title"));
}

int setup_table_build(struct setup_work *w, const char *subject, json_t **step,
                      struct koppel_error *err)
{
    char name[SETUP_PLAN_NAME + 8];
    if (setup_work_must(w, false, err) != 0)
        return -1;
    json_t *tables = setup_keys_tables(w, err);
    const json_t *table = tables ? find(tables, subject) : NULL;
    int rc = tables ? 0 : -1;
    if (json_array_size(json_object_get(table, "keys")) > 0) {
        json_t *facts = json_pack("{s:o,s:o}", "from", setup_work_title(w, member(table, "from")),
                                  "to", setup_work_title(w, member(table, "to")));
        snprintf(name, sizeof name, "%.79s.table", subject);
        *step = setup_step_new(w, name, "table", title_of(w, table),
                               setup_text("table.text", w->language, facts));
        (void)json_object_set_new(*step, "table", json_string(subject));
        rc = fill(w, *step, name, tables, table, err);
    }
    json_decref(tables);
    return rc;
}

int setup_table_answer(struct setup_work *w, const char *subject, const json_t *answers,
                       json_t **step, struct koppel_error *err)
{
    char name[SETUP_PLAN_NAME + 8];
    (void)step;
    (void)err;
    snprintf(name, sizeof name, "%.79s.table", subject);
    setup_draft_answer(&w->draft, name, (json_t *)answers);
    return 0;
}
