/* SPDX-License-Identifier: MIT
 * The facts of runs. The note is written without waiting for the disk: what a loss of power takes
 * is the facts of runs that changed nothing, and these cost next to nothing. */
#include "engine/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "base/mask.h"

#define NOTE "run/"
#define NOTE_BYTES 200
#define NOBODY "koppel" /* who ordered a run that nobody ordered */

/* Of the note; not told to anybody as such. */
static const char *const kept[] = {"last_good", "last_error"};

const char *runs_trigger_name(enum runs_trigger trigger)
{
    static const char *const names[] = {"start", "schedule", "retry", "hand", "reload", "pushed"};
    return names[trigger];
}

static json_t *moment(int64_t ms)
{
    char text[CLOCK_TEXT_BYTES];
    clock_format(ms, text);
    return json_string(text);
}

int runs_last(struct store *s, const char *flow, json_t **out, struct koppel_error *err)
{
    char name[NOTE_BYTES], *text = NULL;
    snprintf(name, sizeof name, NOTE "%.180s", flow);
    *out = NULL;
    if (s->ops->note_get(s, name, &text, err) != 0)
        return -1;
    if (text)
        *out = json_read(text, strlen(text), NULL, NULL);
    free(text);
    return 0;
}

/* A note is not sealed: what a peer said is left out. */
static json_t *for_note(const json_t *facts)
{
    static const char *const errors[] = {"error", "last_error"};
    json_t *out = facts ? json_deep_copy(facts) : NULL;
    for (size_t i = 0; out && i < sizeof errors / sizeof *errors; i++) {
        json_t *error = json_object_get(out, errors[i]);
        const char *text = json_string_value(json_object_get(error, "text"));
        char *bare = text ? strdup(text) : NULL;
        if (!bare)
            continue;
        mask_words(bare);
        json_object_set_new(error, "text", json_string_nocheck(bare));
        free(bare);
    }
    return out;
}

static int put(struct flow *f, const json_t *facts, struct koppel_error *err)
{
    char name[NOTE_BYTES];
    json_t *own = for_note(facts);
    char *text = own ? json_text(own, false, NULL) : NULL;
    json_decref(own);
    if (!text)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    snprintf(name, sizeof name, NOTE "%.180s", f->conf->name);
    int rc = f->store->ops->note_put_soon(f->store, name, text, err);
    free(text);
    return rc;
}

int runs_begin(struct flow *f, enum runs_trigger trigger, const char *who,
               struct koppel_error *err)
{
    json_t *last;
    if (f->store->ops->run_begin(f->store, &f->run, err) != 0 ||
        runs_last(f->store, f->conf->name, &last, err) != 0)
        return -1;
    f->trigger = runs_trigger_name(trigger);
    json_t *facts = json_pack(
        "{s:I,s:s,s:o,s:s,s:o,s:n,s:i,s:i,s:i,s:i,s:i,s:[],s:b,s:n,s:n,s:n}", "run",
        (json_int_t)f->run, "trigger", f->trigger, "who",
        who ? json_string_nocheck(who) : json_null(), "version",
        f->conf->version ? f->conf->version : "", "begun", moment(f->store->ops->now_ms(f->store)),
        "ended", "read", 0, "done", 0, "skipped", 0, "parked", 0, "waiting", 0, "reasons",
        "complete", 0, "error", "last_good", "last_error");
    for (size_t i = 0; facts && i < sizeof kept / sizeof *kept; i++) {
        if (json_object_get(last, kept[i]))
            json_object_set(facts, kept[i], json_object_get(last, kept[i]));
    }
    int rc = put(f, facts, err);
    json_decref(facts);
    json_decref(last);
    return rc;
}

static json_t *error_json(const struct koppel_error *why)
{
    return json_pack("{s:s,s:o,s:o}", "kind", err_kind_name(why->kind), "reason",
                     json_string_nocheck(why->reason), "text", json_string_nocheck(why->text));
}

/* What the entry of a run does not repeat. */
static int add_entry(struct flow *f, json_t *facts, struct koppel_error *err)
{
    const char *who = json_string_value(json_object_get(facts, "who"));
    json_t *own = json_copy(facts);
    for (size_t i = 0; own && i < sizeof kept / sizeof *kept; i++)
        json_object_del(own, kept[i]);
    char *text = own ? json_text(own, false, NULL) : NULL;
    json_decref(own);
    if (!text)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    struct store_entry entry = {.kind = "run",
                                .who = who ? who : NOBODY,
                                .subject = f->conf->name,
                                .body = text,
                                .body_bytes = strlen(text)};
    int rc = f->store->ops->entry_add(f->store, &entry, NULL, err);
    free(text);
    return rc;
}

int runs_end(struct flow *f, bool complete, const struct koppel_error *why, json_t **out,
             struct koppel_error *err)
{
    json_t *facts = NULL, *counts = outcomes_json(&f->outcomes);
    if (out)
        *out = NULL;
    if (!counts || runs_last(f->store, f->conf->name, &facts, err) != 0 || !facts) {
        json_decref(counts);
        json_decref(facts);
        return err && err->kind ? -1 : err_set(err, KOPPEL_E_BUG, "a run ended that never began");
    }
    json_t *ended = moment(f->store->ops->now_ms(f->store));
    int64_t read = atomic_load(&f->read);
    bool any = read > 0 || json_array_size(json_object_get(counts, "reasons")) > 0 ||
               json_integer_value(json_object_get(counts, "done")) > 0;
    json_object_set_new(facts, "read", json_integer(read));
    json_object_update(facts, counts);
    json_object_set(facts, "ended", ended);
    json_object_set_new(facts, "complete", json_boolean(complete));
    json_object_set_new(facts, "error", why->kind ? error_json(why) : json_null());
    if (complete && !why->kind)
        json_object_set(facts, "last_good", ended);
    if (why->kind) {
        json_t *error = error_json(why);
        json_object_set(error, "at", ended);
        json_object_set_new(error, "run", json_integer(f->run));
        json_object_set_new(facts, "last_error", error);
    }
    int rc = put(f, facts, err);
    if (rc == 0 && (any || why->kind))
        rc = add_entry(f, facts, err);
    if (rc == 0 && out)
        *out = json_incref(facts);
    json_decref(ended);
    json_decref(counts);
    json_decref(facts);
    return rc;
}
