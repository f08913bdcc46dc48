/* SPDX-License-Identifier: MIT
 * Group F: known and unknown keys, alone and mixed. */
#include "kit/kit_lookup.h"

#include <stdio.h>
#include <string.h>

#include "kit/kit_list.h"

#define KNOWN 3
#define NOBODY "kit-nobody-7351"

typedef enum kit_child_outcome check_keys(const struct kit_run *r, const struct cat_entity *e,
                                          const char *field, const struct kit_list *whole);

static const char *text_of(const json_t *record, const char *field)
{
    const char *text = json_string_value(json_object_get(record, field));
    return text && *text ? text : NULL;
}

/* The value that a record is found by; an integer becomes text. */
static const char *value_of(const struct kit_list_record *l, const char *field, char number[32])
{
    const json_t *value = json_object_get(l->record, field);
    if (json_is_integer(value)) {
        snprintf(number, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return number;
    }
    return text_of(l->record, field);
}

/* Runs the check for each field that find() takes. */
static enum kit_child_outcome each(const struct kit_run *r, check_keys *check, bool needs_list)
{
    const struct catalogue *c = r->catalogue;
    int count = 0;
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        struct kit_list whole = {0};
        char text[KIT_CHILD_TEXT_BYTES];
        if (!(e->can & CAN_FIND) || (needs_list && !(e->can & CAN_READ)))
            continue;
        if (needs_list && kit_list_read(r, e, 0, NULL, &whole, text, sizeof text) < 0) {
            kit_list_done(&whole);
            return kit_child_nothing("its list cannot be read; R1 says why");
        }
        for (int k = 0; k < e->find_count; k++) {
            enum kit_child_outcome outcome = check(r, e, e->find[k], &whole);
            count += outcome == KIT_PASS;
            if (outcome == KIT_FAIL) {
                kit_list_done(&whole);
                return outcome;
            }
        }
        kit_list_done(&whole);
    }
    return count ? KIT_PASS : kit_child_nothing("there is nothing to find, or no record with such "
                                                "a field");
}

/* Asks; -1, with text, also where the call failed. */
static int ask(const struct kit_run *r, const struct kit_step *step, struct kit_answer *a,
               char *text, size_t room)
{
    char words[128];
    if (kit_list_ask(r, step, a, text, room) < 0)
        return -1;
    if (a->rc == 0)
        return 0;
    snprintf(text, room, "%s failed: %s", kit_session_words(step, words, sizeof words),
             a->err.text);
    kit_session_done(a);
    return -1;
}

/* Asks for keys; 0: a is filled (kit_session_done); -1: text. */
static int find(const struct kit_run *r, const struct cat_entity *e, const char *field,
                const char *const *keys, uint32_t count, struct kit_answer *a, char *text,
                size_t room)
{
    const struct kit_step step = {.op = KIT_FIND, .entity = e, .word = field, .keys = keys,
                                  .count = count};
    return ask(r, &step, a, text, room);
}

static enum kit_child_outcome known(const struct kit_run *r, const struct cat_entity *e,
                                    const char *field, const struct kit_list *whole)
{
    int tried = 0;
    for (int i = 0; i < whole->count && tried < KNOWN; i++) {
        char number[32], text[1024];
        const char *key = value_of(&whole->records[i], field, number);
        struct kit_answer a;
        if (!key)
            continue;
        tried++;
        if (find(r, e, field, &key, 1, &a, text, sizeof text) < 0)
            return kit_child_fail("%s", text);
        const struct result_entry *hit = &a.results.entries[0];
        bool found = false, ids = true;
        for (int k = 0; k < hit->hit_count; k++) {
            found = true;
            ids = ids && hit->hits[k].id && *hit->hits[k].id;
        }
        kit_session_done(&a);
        if (!found)
            return kit_child_fail("find of %s by %s does not find what read gives", e->name, field);
        if (!ids)
            return kit_child_fail("find of %s by %s gives a hit without an id", e->name, field);
    }
    return tried ? KIT_PASS : KIT_NOTHING;
}

static enum kit_child_outcome finds_known(const struct kit_run *r)
{
    return each(r, known, true);
}

static enum kit_child_outcome nobody(const struct kit_run *r, const struct cat_entity *e,
                                     const char *field, const struct kit_list *whole)
{
    const char *key = NOBODY;
    char text[KIT_CHILD_TEXT_BYTES];
    struct kit_answer a;
    (void)whole;
    if (find(r, e, field, &key, 1, &a, text, sizeof text) < 0)
        return kit_child_fail("%s", text);
    bool found = a.results.entries[0].hit_count > 0;
    bool failed = a.results.entries[0].err.kind != 0;
    kit_session_done(&a);
    if (found)
        return kit_child_fail("find of %s by %s finds what is nowhere", e->name, field);
    return failed ? kit_child_fail("find of %s by %s fails for what is nowhere", e->name, field)
                  : KIT_PASS;
}

static enum kit_child_outcome finds_nobody(const struct kit_run *r)
{
    return each(r, nobody, false);
}

static enum kit_child_outcome mixed(const struct kit_run *r, const struct cat_entity *e,
                                    const char *field, const struct kit_list *whole)
{
    char number[2][32], text[1024];
    const char *keys[3] = {NULL, NOBODY, NULL};
    struct kit_answer a;
    if (e->batch_find < 3)
        return KIT_NOTHING;
    for (int i = 0; i < whole->count && !keys[2]; i++) {
        const char *key = value_of(&whole->records[i], field, number[keys[0] != NULL]);
        if (!key || (keys[0] && strcmp(keys[0], key) == 0))
            continue;
        keys[keys[0] ? 2 : 0] = key;
    }
    if (!keys[2])
        return KIT_NOTHING;
    if (find(r, e, field, keys, 3, &a, text, sizeof text) < 0)
        return kit_child_fail("%s", text);
    bool right = a.results.entries[0].hit_count > 0 && a.results.entries[1].hit_count == 0 &&
                 a.results.entries[2].hit_count > 0;
    kit_session_done(&a);
    return right ? KIT_PASS
                 : kit_child_fail("find of %s by %s, with a known key, an unknown and a known one, "
                                  "gives hits at other places", e->name, field);
}

static enum kit_child_outcome finds_mixed(const struct kit_run *r)
{
    return each(r, mixed, true);
}

static enum kit_child_outcome odd(const struct kit_run *r, const struct cat_entity *e,
                                  const char *field, const struct kit_list *whole)
{
    static const char *const keys[] = {
        "O'Brien \"x\"", "a&b=c", "50%", "1+1", "0012", "\xf0\x9f\x8d\x95", "a/b\\c", "<b>&amp;",
        "' OR '1'='1", "*", " "};
    (void)whole;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char text[KIT_CHILD_TEXT_BYTES];
        struct kit_answer a;
        if (find(r, e, field, &keys[i], 1, &a, text, sizeof text) < 0)
            return kit_child_fail("%s (with the key %s)", text, keys[i]);
        bool found = a.results.entries[0].hit_count > 1;
        kit_session_done(&a);
        if (found)
            return kit_child_fail("find of %s by %s takes the key %s for more than its text",
                                  e->name, field, keys[i]);
    }
    return KIT_PASS;
}

static enum kit_child_outcome finds_odd(const struct kit_run *r)
{
    return each(r, odd, false);
}

/* ---- fetch ---- */

static int fetch(const struct kit_run *r, const struct cat_entity *e, const char *key,
                 struct kit_answer *a, char *text, size_t room)
{
    const struct kit_step step = {.op = KIT_FETCH, .entity = e, .keys = &key, .count = 1};
    if (ask(r, &step, a, text, room) < 0)
        return -1;
    if (a->batch.count == 1 && strcmp(a->batch.records[0].key, key) == 0)
        return 0;
    snprintf(text, room, "fetch of %s gives %d answers for one key, or under another", e->name,
             a->batch.count);
    kit_session_done(a);
    return -1;
}

static enum kit_child_outcome fetch_known(const struct kit_run *r, const struct cat_entity *e)
{
    struct kit_list whole = {0};
    char text[KIT_CHILD_TEXT_BYTES];
    enum kit_child_outcome outcome = KIT_PASS;
    if (kit_list_read(r, e, 0, NULL, &whole, text, sizeof text) < 0) {
        kit_list_done(&whole);
        return kit_child_nothing("its list cannot be read; R1 says why");
    }
    for (int i = 0; i < whole.count && i < KNOWN && outcome == KIT_PASS; i++) {
        struct kit_answer a;
        if (!whole.records[i].record)
            continue;
        if (fetch(r, e, whole.records[i].key, &a, text, sizeof text) < 0) {
            outcome = kit_child_fail("%s", text);
            break;
        }
        if (a.batch.records[0].kind != BATCH_RECORD ||
            !json_equal(a.batch.records[0].record, whole.records[i].record))
            outcome = kit_child_fail("fetch of %s gives %s otherwise than read does", e->name,
                                     whole.records[i].key);
        kit_session_done(&a);
    }
    kit_list_done(&whole);
    return outcome;
}

static enum kit_child_outcome fetch_nobody(const struct kit_run *r, const struct cat_entity *e)
{
    struct kit_answer a;
    char text[KIT_CHILD_TEXT_BYTES];
    if (fetch(r, e, NOBODY, &a, text, sizeof text) < 0)
        return kit_child_fail("%s", text);
    bool gone = a.batch.records[0].kind == BATCH_GONE;
    kit_session_done(&a);
    return gone ? KIT_PASS
                : kit_child_fail("fetch of %s gives a record for a key that is nowhere", e->name);
}

typedef enum kit_child_outcome check_entity(const struct kit_run *r, const struct cat_entity *e);

static enum kit_child_outcome each_fetch(const struct kit_run *r, check_entity *check)
{
    const struct catalogue *c = r->catalogue;
    int count = 0;
    for (int i = 0; i < c->entity_count; i++) {
        if (!(c->entities[i].can & CAN_FETCH))
            continue;
        count++;
        enum kit_child_outcome outcome = check(r, &c->entities[i]);
        if (outcome != KIT_PASS)
            return outcome;
    }
    return count ? KIT_PASS : kit_child_nothing("it fetches nothing by keys");
}

static enum kit_child_outcome fetches(const struct kit_run *r)
{
    return each_fetch(r, fetch_known);
}

static enum kit_child_outcome fetches_nobody(const struct kit_run *r)
{
    return each_fetch(r, fetch_nobody);
}

const struct kit_check kit_lookup_checks[] = {
    {"F1", KIT_CONNECTOR | KIT_LIVE, "find() finds what read() gives, with its id",
     "A record that is there and not found is made twice; look up exactly, inactive ones "
     "included.", finds_known},
    {"F2", KIT_CONNECTOR | KIT_LIVE, "what is nowhere is no failure",
     "No result says \"not there\"; a failure would park what has only to be made.", finds_nobody},
    {"F3", KIT_CONNECTOR | KIT_LIVE, "hits stand at the place of their key",
     "With another index one record is taken for another; give the index of keys[].", finds_mixed},
    {"F4", KIT_CONNECTOR | KIT_LIVE, "keys are taken as they are",
     "Quotes, %, &, + and * are in real names; hand them over as query pairs or escaped, and match "
     "exactly.", finds_odd},
    {"F5", KIT_CONNECTOR | KIT_LIVE, "fetch() gives what read() gives",
     "Else each fetch looks like a change; build both with one function.", fetches},
    {"F6", KIT_CONNECTOR | KIT_LIVE, "fetch() of what is nowhere says so",
     "Each key is answered once; host->emit_gone for what is not there.", fetches_nobody},
    {0},
};
