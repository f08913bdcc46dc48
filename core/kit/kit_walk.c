/* SPDX-License-Identifier: MIT
 * The way through a catalogue. */
#include "kit/kit_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "config/conf_kit.h"
#include "config/conf_source.h"

#define DEPTH 6

/* ---- records ---- */

static json_t *sample_fields(const struct cat_field *fields, int count, int depth);

static json_t *sample(const struct cat_field *f, int depth)
{
    if (f->value_count > 0)
        return json_string(f->values[0]);
    switch (f->type) {
    case FIELD_DECIMAL:
        return json_string("12.10");
    case FIELD_INTEGER:
        return json_integer(1);
    case FIELD_BOOLEAN:
        return json_true();
    case FIELD_DATE:
        return json_string("2026-01-15");
    case FIELD_TIME:
        return json_string("2026-01-15T10:00:00Z");
    case FIELD_OBJECT:
        return sample_fields(f->fields, f->field_count, depth + 1);
    case FIELD_LIST:
        return f->field_count > 0
                   ? json_pack("[o]", sample_fields(f->fields, f->field_count, depth + 1))
                   : json_pack("[s]", "kit");
    default:
        return json_string("kit");
    }
}

static json_t *sample_fields(const struct cat_field *fields, int count, int depth)
{
    json_t *out = json_object();
    for (int i = 0; i < count && depth < DEPTH; i++)
        (void)json_object_set_new(out, fields[i].name, sample(&fields[i], depth));
    return out;
}

json_t *kit_walk_record(const struct cat_entity *e)
{
    json_t *record = sample_fields(e->fields, e->field_count, 0);
    if (e->field_count == 0)
        (void)json_object_set_new(record, e->key ? e->key : "id", json_string("kit-1"));
    return record;
}

json_t *kit_walk_noted(const struct kit_run *r, const struct cat_entity *e)
{
    for (int i = 0; i < r->notes->record_count; i++) {
        const char *why = NULL;
        size_t bytes = 0;
        if (strcmp(r->notes->records[i].name, e->name) != 0)
            continue;
        char *text = conf_source_disk(r->notes->records[i].text, &bytes, &why);
        json_t *record = text ? json_read(text, bytes, NULL, NULL) : NULL;
        free(text);
        if (json_is_object(record))
            return record;
        json_decref(record);
    }
    return NULL;
}

/* ---- what can be asked ---- */

static void add(struct kit_walk *w, struct kit_step step)
{
    if (w->count < KIT_WALK_STEPS)
        w->steps[w->count++] = step;
}

static void plan_writes(const struct kit_run *r, const struct cat_entity *e, struct kit_walk *w)
{
    static const struct {
        unsigned can, verb;
    } all[] = {{CAN_CREATE, KOPPEL_VERB_CREATE}, {CAN_UPDATE, KOPPEL_VERB_UPDATE},
               {CAN_REMOVE, KOPPEL_VERB_REMOVE}};
    if (!(e->can & (CAN_CREATE | CAN_UPDATE | CAN_REMOVE)))
        return;
    json_t *record = kit_walk_noted(r, e);
    if (!record)
        record = kit_walk_record(e);
    json_array_append_new(w->records, record);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (e->can & all[i].can)
            add(w, (struct kit_step){.op = KIT_WRITE, .entity = e, .verb = all[i].verb,
                                     .record = record, .count = 1,
                                     .id = all[i].can == CAN_CREATE ? NULL : "1"});
    }
}

static void plan_entity(const struct kit_run *r, const struct cat_entity *e, bool writing,
                        struct kit_walk *w)
{
    static const char *const keys[] = {"1"};
    const struct koppel_connector *ops = &r->plugin->connector;
    if (e->can & CAN_READ)
        add(w, (struct kit_step){.op = KIT_READ, .entity = e, .page = e->numbered});
    for (int i = 0; i < e->find_count; i++)
        add(w, (struct kit_step){.op = KIT_FIND, .entity = e, .word = e->find[i], .keys = keys,
                                 .count = 1});
    if (e->can & CAN_FETCH)
        add(w, (struct kit_step){.op = KIT_FETCH, .entity = e, .keys = keys, .count = 1});
    if (e->can & CAN_DESCRIBE)
        add(w, (struct kit_step){.op = KIT_DESCRIBE, .entity = e});
    if (ops->verify)
        add(w, (struct kit_step){.op = KIT_VERIFY, .entity = e});
    if (e->can & CAN_RECEIVE && writing) {
        add(w, (struct kit_step){.op = KIT_SUBSCRIBE, .entity = e});
        add(w, (struct kit_step){.op = KIT_UNSUBSCRIBE, .entity = e, .id = "1"});
    }
    if (e->can & CAN_RECEIVE)
        add(w, (struct kit_step){.op = KIT_RECEIVE, .entity = e, .id = "1"});
    if (writing)
        plan_writes(r, e, w);
}

void kit_walk_plan(const struct kit_run *r, bool writing, struct kit_walk *out)
{
    const struct catalogue *c = r->catalogue;
    *out = (struct kit_walk){.records = json_array()};
    add(out, (struct kit_step){.op = KIT_PROBE});
    for (int i = 0; i < c->choice_count; i++)
        add(out, (struct kit_step){.op = KIT_CHOICES, .word = c->choices[i]});
    for (int i = 0; i < c->entity_count; i++)
        plan_entity(r, &c->entities[i], writing, out);
}

void kit_walk_done(struct kit_walk *w)
{
    json_decref(w->records);
    *w = (struct kit_walk){0};
}

/* ---- asking ---- */

static bool ask_one(const struct kit_run *r, const struct kit_walk_manner *m,
                    const struct kit_step *step, int *requests, char *text, size_t room)
{
    struct kit_session s = {.host = m->host, .grown = m->grown};
    struct kit_answer a = {0};
    struct koppel_error err = {0};
    bool goes_on = true;
    if (m->before)
        m->before(m->arg, &s.host, step);
    if (kit_session_open(&s, r, m->conf, &err) < 0) {
        if (!err.kind)
            snprintf(text, room, "open() failed without a reason");
        else if (!s.host.failed)
            snprintf(text, room, "open() failed: %s", err.text);
        kit_session_close(&s);
        return false;
    }
    kit_session_ask(&s, step, &a);
    *requests += s.host.requests;
    if (!kit_session_fault(step, &a, text, room)) {
        text[0] = '\0';
        goes_on = !m->judge || m->judge(m->arg, &s, step, &a, text, room);
    }
    kit_session_done(&a);
    kit_session_close(&s);
    return goes_on && !text[0];
}

enum kit_child_outcome kit_walk_all(const struct kit_run *r, const struct kit_walk_manner *m,
                                    int *requests)
{
    struct kit_walk w;
    char text[KIT_CHILD_TEXT_BYTES] = "";
    int sent = 0;
    kit_walk_plan(r, m->writing, &w);
    for (int i = 0; i < w.count && ask_one(r, m, &w.steps[i], &sent, text, sizeof text); i++)
        continue;
    kit_walk_done(&w);
    if (requests)
        *requests += sent;
    return text[0] ? kit_child_fail("%s", text) : KIT_PASS;
}
