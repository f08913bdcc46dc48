/* SPDX-License-Identifier: MIT
 * A job's state, from its first step to its outcome. */
#include "flow/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/fact.h"

int work_init(struct work *w, struct flow *f, struct links *links, struct store_job *job)
{
    *w = (struct work){.flow = f,
                       .links = links,
                       .job = job,
                       .steps = json_array(),
                       .trace = json_array()};
    return w->steps && w->trace ? 0 : -1;
}

void work_done(struct work *w)
{
    json_decref(w->source);
    json_decref(w->core);
    json_decref(w->document);
    json_decref(w->present);
    json_decref(w->send_record);
    json_decref(w->steps);
    json_decref(w->trace);
    send_done(&w->send);
    free(w->remote_id);
    free(w->dropped);
    free(w->present_id);
    free(w->send_ref);
    free(w->activity);
    free(w->brief_text);
    free(w->facts_text);
    free(w->cause);
    for (int i = 0; i < w->word_count; i++)
        free(w->words[i]);
    for (int i = 0; i < w->fact_count * 3; i++)
        free(w->fact_text[i]);
    for (int i = 0; i < w->claim_count; i++)
        free((char *)w->claim[i]);
    for (struct work_used *u = w->used, *next; u; u = next) {
        next = u->next;
        free(u->scope);
        free(u->key);
        free(u->id);
        free(u->alias);
        free(u);
    }
}

struct subject work_subject(struct work *w)
{
    const struct conf_flow *conf = w->flow->conf;
    return (struct subject){.flow = conf,
                            .settings = conf->settings,
                            .entity = w->flow->dest,
                            .send = &conf->send,
                            .core = w->core,
                            .notes = w->steps,
                            .there = w->link && w->link->state != LINK_ABSENT,
                            .ends = w->ends,
                            .gone = w->gone};
}

bool work_setting_is(struct work *w, const char *name, const char *value)
{
    struct subject subject = work_subject(w);
    return subject_setting_is(&subject, name, value);
}

int work_turn(struct work *w, struct koppel_error *err)
{
    const struct behaviour *b = w->flow->behaviour;
    struct subject subject = work_subject(w);
    const char *was = w->link->digest;
    json_object_del(w->core, "type_changed");
    if (!b->kind || w->link->state != LINK_THERE || !was || *was == b->kind(&subject))
        return 0;
    if (b->turned(&subject, *was, subject_setting(&subject, "type_change"), &w->make_new, err) == 0)
        return 0;
    return fact_add(err, "setting", "settings/type_change");
}

void work_end(struct work *w, enum job_state state, const char *reason, const char *detail)
{
    w->settled = true;
    w->state = state;
    (void)cut_copy(w->reason, sizeof w->reason, reason);
    (void)cut_copy(w->detail, sizeof w->detail, detail ? detail : "");
}

void work_park(struct work *w, const struct koppel_error *err)
{
    const char *reason = err->reason[0] ? err->reason
                         : err->kind == KOPPEL_E_BUG ? "bug" : "rejected";
    work_end(w, JOB_PARKED, reason, err->text);
    w->ours = err->kind == KOPPEL_E_BUG;
    free(w->facts_text);
    w->facts_text = err->facts[0] ? strdup(err->facts) : NULL;
}

void work_wait(struct work *w, const char *reason, const char *detail, int64_t retry_in_ms,
               bool counts)
{
    work_end(w, JOB_WAITING, reason, detail);
    w->retry_in_ms = retry_in_ms;
    w->counts = counts;
}

void work_skip(struct work *w, const char *reason, const char *detail)
{
    work_end(w, JOB_SKIPPED, reason, detail);
    if (!w->remote_id && w->link && w->link->id)
        w->remote_id = strdup(w->link->id);
}

void work_note(struct work *w, const char *name, const char *text)
{
    json_array_append_new(w->steps, json_pack("{s:s,s:s}", "step", name, "detail", text));
}

int work_remember(struct work *w, const char *scope, const char *key, const char *text,
                  struct koppel_error *err)
{
    if (w->fact_count == WORK_FACTS)
        return err_set(err, KOPPEL_E_BUG, "record %s has too many facts to remember", w->job->key);
    char **own = &w->fact_text[w->fact_count * 3];
    own[0] = strdup(scope);
    own[1] = strdup(key);
    own[2] = strdup(text);
    w->fact_count++;
    if (!own[0] || !own[1] || !own[2])
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    w->fact[w->fact_count - 1] = links_remember(own[0], own[1], own[2]);
    return 0;
}

const char *work_text(const struct work *w, const char *name)
{
    const char *text = json_string_value(json_object_get(w->core, name));
    return text ? text : "";
}

void work_look_anew(struct work *w)
{
    json_decref(w->present);
    free(w->present_id);
    w->present = NULL;
    w->present_id = NULL;
    w->asked = ASKED_NOT;
    w->looked = 0;
}

const char *work_reference(const struct work *w)
{
    const char *field = w->flow->dest->document;
    const char *text = field ? json_string_value(json_object_get(w->document, field)) : NULL;
    /* what it was first sent under: a document that is renamed goes on under its old name */
    if (field && w->link->alias && *w->link->alias)
        return w->link->alias;
    return text && *text ? text : field ? work_text(w, "reference") : "";
}

int64_t work_quiet_ms(const struct work *w)
{
    if (w->link->state != LINK_MAYBE || w->link->unseen_ms >= w->flow->quiet_ms)
        return 0;
    return w->flow->quiet_ms - w->link->unseen_ms;
}
