/* SPDX-License-Identifier: MIT
 * Jobs: listed, found, and what they wait for. */
#include "service/jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_read.h"
#include "flow/brief.h"
#include "flow/remedy.h"
#include "flow/remedy_command.h"
#include "service/ask.h"

#define LINK_BYTES 4096

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

static int wrong(struct koppel_error *err, const char *what, const char *value)
{
    return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s: \"%s\"", what, value);
}

/* ---- filters ---- */

void jobs_filter_done(struct jobs_filter *f)
{
    for (int i = 0; i < f->store.word_count; i++)
        free(f->words[i]);
}

static int take_words(struct jobs_filter *f, const struct service_ask *ask)
{
    size_t i;
    json_t *one, *list = json_object_get(ask->in, "words");
    json_array_foreach(list, i, one) {
        int n = f->store.word_count;
        f->store.word_count += brief_query(json_string_value(one), f->words + n, STORE_WORDS - n);
    }
    f->store.words = (const char *const *)f->words;
    if (json_array_size(list) == 1)
        f->store.or_key = json_string_value(json_array_get(list, 0));
    return json_array_size(list) > 0 && f->store.word_count == 0 ? -1 : 0;
}

static bool is_number(const char *word)
{
    return !word || (strpbrk(word, "0123456789") && !strchr(word, '@'));
}

/* Who sees no names cannot find out by trying them whose records there are: with a digit in it a
 * word is a number. What is looked for counts: not each word of a text comes to that. */
static int check_words(const struct jobs_filter *f, const struct service_ask *ask,
                       struct koppel_error *err)
{
    bool good = is_number(f->store.key) && is_number(f->store.or_key);
    for (int i = 0; i < f->store.word_count; i++)
        good = good && is_number(f->words[i]);
    return good || !ask->who->no_persons
               ? 0
               : err_reason(err, KOPPEL_E_REJECTED, "search.personal",
                            "only who may see personal data looks for names and addresses");
}

/* A connector may have reasons of its own, which only the store knows. */
struct reasons {
    const char *wanted;
    bool found;
    const char *names[REMEDY_REASONS * 2];
    char *owned[REMEDY_REASONS];
    int count, owned_count;
};

static int note_reason(void *arg, enum job_state state, const char *reason, int64_t count)
{
    struct reasons *r = arg;
    (void)state;
    (void)count;
    r->found = r->found || strcmp(reason, r->wanted) == 0;
    if (r->owned_count < REMEDY_REASONS && *reason)
        r->owned[r->owned_count++] = strdup(reason);
    return 0;
}

static int check_reason(struct service *s, const char *reason, struct koppel_error *err)
{
    struct reasons r = {.wanted = reason};
    int rc = 0;
    if (!reason || remedy_is_reason(reason))
        return 0;
    for (int i = 0; rc == 0 && i < s->conf->flow_count; i++)
        rc = s->store->ops->reasons(s->store, s->conf->flows[i].name, note_reason, &r, err);
    r.count = remedy_reasons(r.names, REMEDY_REASONS);
    for (int i = 0; i < r.owned_count; i++)
        r.names[r.count++] = r.owned[i];
    if (rc == 0 && !r.found)
        rc = ask_unknown("reason", reason, "any job; koppel(1) tells the common ones", r.names,
                         r.count, err);
    for (int i = 0; i < r.owned_count; i++)
        free(r.owned[i]);
    return rc;
}

struct causes {
    char (*names)[JOB_CAUSE_BYTES];
    int count;
};

static int note_cause(void *arg, const struct store_cause *c)
{
    struct causes *all = arg;
    char(*more)[JOB_CAUSE_BYTES] = realloc(all->names, (size_t)(all->count + 1) * sizeof *more);
    if (!more)
        return -1;
    all->names = more;
    job_cause_format(c->id, all->names[all->count++]);
    return 0;
}

/* One that nothing waits for any more is as wrong as a slip. */
static int check_cause(struct service *s, const char *cause, int64_t id, struct koppel_error *err)
{
    struct causes all = {0};
    bool found = true;
    int rc = cause ? s->store->ops->cause_stands(s->store, id, &found, err) : 0;
    if (rc != 0 || found)
        return rc;
    rc = s->store->ops->causes(s->store, NULL, 0, note_cause, &all, err);
    const char **names = calloc((size_t)all.count + 1, sizeof *names);
    for (int i = 0; names && i < all.count; i++)
        names[i] = all.names[i];
    if (rc == 0)
        rc = ask_unknown("cause", cause, "what waits now; koppel causes lists them", names,
                         names ? all.count : 0, err);
    free(names);
    free(all.names);
    return rc;
}

static int check_state(const char *state, enum job_state *out, struct koppel_error *err)
{
    const char *names[JOB_STATES];
    if (!state || job_state_parse(state, out) == 0)
        return 0;
    for (int i = 0; i < JOB_STATES; i++)
        names[i] = job_state_name((enum job_state)i);
    return ask_unknown("state", state, "jobs", names, JOB_STATES, err);
}

int jobs_filter_read(struct service *s, const struct service_ask *ask, struct jobs_filter *f,
                     struct koppel_error *err)
{
    const char *state = ask_text(ask, "state"), *cause = ask_text(ask, "cause");
    enum job_state parsed = JOB_NEW;
    *f = (struct jobs_filter){.store = {.flow = ask_text(ask, "flow"), .state = -1,
                                   .reason = ask_text(ask, "reason"),
                                   .key = ask_text(ask, "key")}};
    if (f->store.flow && !ask_flow(s, f->store.flow, err))
        return -1;
    if (check_state(state, &parsed, err) != 0 || check_reason(s, f->store.reason, err) != 0)
        return -1;
    if (state)
        f->store.state = (int)parsed;
    if (cause && job_cause_parse(cause, &f->store.cause) != 0)
        return wrong(err, "no cause, which has 12 hex digits; koppel causes lists them", cause);
    if (check_cause(s, cause, f->store.cause, err) != 0)
        return -1;
    if (take_words(f, ask) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "there is no letter or digit to look for");
    if (check_words(f, ask, err) != 0)
        return -1;
    return ask_moment(s, ask, "since", false, &f->store.from_ms, err) == 0
               ? ask_moment(s, ask, "until", true, &f->store.to_ms, err)
               : -1;
}

/* ---- looking ---- */

static json_t *moment(int64_t ms)
{
    char text[CLOCK_TEXT_BYTES];
    if (ms == 0)
        return json_null();
    clock_format(ms, text);
    return json_string(text);
}

static json_t *parsed(const char *text)
{
    json_t *value = text ? json_read_text(text, NULL) : NULL;
    return value ? value : json_null();
}

static json_t *remedy_of_row(const struct store_job_row *row, const char *job, int64_t cause,
                             const json_t *facts)
{
    bool parked = row->state == JOB_PARKED, stays = parked || row->state == JOB_WAITING;
    const struct remedy *r = parked ? remedy_at_least(row->reason) : remedy_of(row->reason);
    struct remedy_command_about about = {row->flow, job, cause, facts};
    return r && stays ? remedy_command_json(r, &about) : json_null();
}

static int add_cause(void *arg, const struct store_cause *c)
{
    char id[JOB_CAUSE_BYTES], job[JOB_ID_BYTES];
    const struct store_job_row *row = &c->example;
    job_cause_format(c->id, id);
    job_id_format((struct job_id){c->flow, row->part, row->off}, job);
    json_t *facts = parsed(row->facts);
    json_t *one = json_pack(
        "{s:s,s:o,s:o,s:I,s:I,s:o,s:o,s:O,s:o,s:s,s:o}", "cause", id, "flow",
        ask_json_text(c->flow), "reason", ask_json_text(c->reason), "parked",
        (json_int_t)c->parked, "waiting", (json_int_t)c->waiting, "first", moment(c->first_ms),
        "last", moment(c->last_ms), "facts", facts, "text",
        ask_json_text(row->detail ? row->detail : ""), "job", job, "remedy",
        remedy_of_row(row, job, c->id, facts));
    json_decref(facts);
    return json_array_append_new(arg, one);
}

int jobs_causes(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    const char *flow = ask_text(ask, "flow");
    json_t *causes = json_array();
    if (!causes)
        return no_memory(err);
    if ((flow && !ask_flow(s, flow, err)) ||
        s->store->ops->causes(s->store, flow, 0, add_cause, causes, err) != 0) {
        json_decref(causes);
        return -1;
    }
    *out = json_pack("{s:o}", "causes", causes);
    return 0;
}

/* ---- pages of the vendors ---- */

static void add_encoded(struct buf *out, const char *id)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-._~";
    char code[4];
    for (; *id; id++) {
        snprintf(code, sizeof code, "%%%02X", (unsigned char)*id);
        if (strchr(plain, *id))
            (void)buf_add_char(out, *id);
        else
            (void)buf_add_text(out, code);
    }
}

/* Where a browser finds the record; null: the catalogue does not tell, or it has no id there. */
static json_t *link_of(const struct conf_connection *c, const char *entity, const char *id)
{
    const struct cat_entity *e = c && c->catalogue && entity
                                     ? catalogue_entity(c->catalogue, entity) : NULL;
    const char *place = e && e->link ? strstr(e->link, "{id}") : NULL;
    struct buf text;
    if (!place || !id || !*id)
        return json_null();
    buf_init(&text, LINK_BYTES);
    (void)buf_add(&text, e->link, (size_t)(place - e->link));
    add_encoded(&text, id);
    json_t *link = json_null();
    if (buf_add_text(&text, place + strlen("{id}")) == 0)
        link = json_pack("{s:s,s:s}", "connection", c->name, "url", text.data);
    buf_done(&text);
    return link;
}

static json_t *links_of(const struct service *s, const struct store_job_row *row)
{
    const struct conf_flow *f = s->conf ? conf_flow(s->conf, row->flow) : NULL;
    return json_pack("{s:o,s:o}", "source",
                     f ? link_of(f->from, f->from_entity, row->key) : json_null(), "destination",
                     f ? link_of(f->to, f->to_entity, row->remote_id) : json_null());
}

json_t *jobs_row(const struct service *s, const struct store_job_row *row)
{
    char job[JOB_ID_BYTES], cause[JOB_CAUSE_BYTES] = "";
    job_id_format((struct job_id){row->flow, row->part, row->off}, job);
    if (row->cause)
        job_cause_format(row->cause, cause);
    json_t *facts = parsed(row->facts);
    json_t *remedy = remedy_of_row(row, job, row->cause, facts);
    json_t *text = json_object_get(remedy, "text");
    json_t *one = json_pack(
        "{s:s,s:o,s:o,s:s,s:o,s:o,s:o,s:i,s:o,s:o,s:O,s:o,s:o,s:O,s:o,s:o,s:o,s:b}", "job", job,
        "flow", ask_json_text(row->flow), "key", ask_json_text(row->key), "state",
        job_state_name(row->state), "at", moment(row->at_ms), "finished",
        moment(row->finished_ms), "due", moment(row->due_ms), "attempts", row->attempt, "reason",
        ask_json_text(row->reason ? row->reason : ""), "detail",
        ask_json_text(row->detail ? row->detail : ""), "facts", facts, "cause",
        ask_json_text(row->cause ? cause : NULL), "remedy",
        row->state == JOB_PARKED && text ? json_incref(text) : json_string(""), "do", remedy,
        "brief", parsed(row->brief), "remote_id", ask_json_text(row->remote_id), "links",
        links_of(s, row), "edited", row->edited);
    json_decref(facts);
    json_decref(remedy);
    return one;
}

struct page {
    const struct service *s;
    json_t *jobs;
};

static int add_job(void *arg, const struct store_job_row *row)
{
    struct page *p = arg;
    return json_array_append_new(p->jobs, jobs_row(p->s, row));
}

/* Where a page begins, as the one before it told: "MS JOB". */
static int take_place(const char *text, struct store_place *out, struct koppel_error *err)
{
    char flow[JOB_ID_BYTES], *end = NULL;
    struct job_id id;
    if (!text)
        return 0;
    out->at_ms = strtoll(text, &end, 10);
    if (end == text || *end != ' ' || job_id_parse(end + 1, flow, &id) != 0)
        return wrong(err, "no place in the list", text);
    snprintf(out->job, sizeof out->job, "%s", end + 1);
    return 0;
}

int jobs_list(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err)
{
    struct jobs_filter f = {.store = {0}};
    int64_t limit = ask_number(ask, "limit");
    struct store_page page = {.limit = limit > 0 ? (int)limit : 0};
    char next[JOB_ID_BYTES + 32];
    json_t *jobs = json_array();
    int rc = jobs ? jobs_filter_read(s, ask, &f, err) : no_memory(err);
    if (rc == 0)
        rc = take_place(ask_text(ask, "after"), &page.after, err);
    if (rc == 0)
        rc = s->store->ops->jobs(s->store, &f.store, &page, add_job, &(struct page){s, jobs},
                                 err);
    jobs_filter_done(&f);
    snprintf(next, sizeof next, "%lld %s", (long long)page.next.at_ms, page.next.job);
    if (rc == 0)
        *out = json_pack("{s:O,s:o,s:o}", "jobs", jobs, "next",
                         ask_json_text(page.more ? next : NULL), "looked_to",
                         moment(page.looked_to_ms));
    json_decref(jobs);
    return rc;
}
