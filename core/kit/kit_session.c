/* SPDX-License-Identifier: MIT
 * Instances and calls. What the connection's own files do around a call (connection_*.h) is done
 * here by hand, as the kit wants to see what they would forgive. */
#include "kit/kit_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "connection/able.h"
#include "connection/connection.h"
#include "kit/kit_peer.h"
#include "store/store_sqlite.h"

#define LIMIT 100

/* Who answers where nobody else does. */
static struct kit_peer somebody = {.status = 200, .type = "application/json", .body = "{}"};

static int open_store(const struct kit_run *r, struct store **out, struct koppel_error *err)
{
    if (!r->catalogue->oauth)
        return 0;
    if (!r->whole || !r->whole->key)
        return err_set(err, KOPPEL_E_CONFIG, "it logs in: name a file in connections.d of a "
                       "configuration where `koppel connect` was run");
    struct store_conf where = {.path = r->whole->store_path, .key = r->whole->key};
    return store_sqlite.open(&where, STORE_LOOK, out, err);
}

int kit_session_prepare(struct kit_session *s, const struct kit_run *r,
                        const struct conf_connection *conf, struct koppel_error *err)
{
    s->run = r;
    conf = conf ? conf : r->made;
    bool alone = !r->live || conf != r->conf;
    if (!s->host.peer && alone) {
        s->host.peer = kit_peer_answer;
        s->host.peer_arg = &somebody;
    }
    if (!s->host.peer && (r->replay || r->record)) {
        s->tape = (struct kit_tape){.folder = r->replay ? r->replay : r->record, .host = &s->host};
        s->host.peer = r->replay ? kit_tape_replay : kit_tape_record;
        s->host.peer_arg = &s->tape;
    }
    if ((!s->host.peer || s->host.peer == kit_tape_record) && open_store(r, &s->store, err) < 0)
        return -1;
    s->connection = connection_new(conf, s->store, err);
    if (!s->connection)
        return -1;
    s->host.ctx.connection = s->connection;
    s->host.ctx.plugin = r->plugin;
    int n = 0;
    for (int i = 0; i < conf->setting_count && n < (int)(sizeof s->secrets / sizeof *s->secrets);
         i++) {
        const struct secret *secret = conf->settings[i].secret;
        if (secret && secret_bytes(secret) >= 6)
            s->secrets[n++] = strdup(secret_text(secret));
    }
    s->host.secrets = (const char *const *)s->secrets;
    s->host.secret_count = n;
    return 0;
}

static int call_open(struct kit_session *s, struct koppel_error *err)
{
    const struct koppel_connector *ops = &s->run->plugin->connector;
    kit_child_doing("open()");
    kit_host_enter(&s->host);
    int rc = ops->open(kit_host_table(s->grown), &s->host.ctx, &s->self, err);
    if (rc != 0 && ops->close)
        ops->close(s->self);
    kit_host_enter(NULL);
    s->opened = rc == 0;
    if (rc != 0)
        s->self = NULL;
    return rc;
}

int kit_session_open(struct kit_session *s, const struct kit_run *r,
                     const struct conf_connection *conf, struct koppel_error *err)
{
    if (kit_session_prepare(s, r, conf, err) < 0)
        return -1;
    return call_open(s, err) == 0 ? 0 : -1;
}

int kit_session_second(const struct kit_session *s, struct kit_session *other,
                       struct koppel_error *err)
{
    other->run = s->run;
    other->connection = NULL; /* it is the first one's */
    other->host.ctx.connection = s->connection;
    other->host.ctx.plugin = s->run->plugin;
    if (!other->host.peer) {
        other->host.peer = s->host.peer;
        other->host.peer_arg = s->host.peer_arg;
    }
    return call_open(other, err) == 0 ? 0 : -1;
}

void kit_session_close(struct kit_session *s)
{
    if (s->opened && s->run->plugin->connector.close) {
        kit_child_doing("close()");
        kit_host_enter(&s->host);
        s->run->plugin->connector.close(s->self);
        kit_host_enter(NULL);
    }
    s->opened = false;
    connection_free(s->connection);
    s->connection = NULL;
    if (s->store)
        s->store->ops->close(s->store);
    s->store = NULL;
    for (size_t i = 0; i < sizeof s->secrets / sizeof *s->secrets; i++)
        free(s->secrets[i]);
    memset(s->secrets, 0, sizeof s->secrets);
}

/* ---- one call ---- */

const char *kit_session_words(const struct kit_step *step, char *out, size_t room)
{
    static const char *const ops[] = {
        [KIT_PROBE] = "probe",       [KIT_READ] = "read",
        [KIT_FIND] = "find",         [KIT_FETCH] = "fetch",
        [KIT_WRITE] = "write",       [KIT_CHOICES] = "choices",
        [KIT_DESCRIBE] = "describe", [KIT_VERIFY] = "verify",
        [KIT_SUBSCRIBE] = "subscribe", [KIT_UNSUBSCRIBE] = "unsubscribe",
        [KIT_RECEIVE] = "receive"};
    static const char *const verbs[] = {"write", "create", "update", "remove"};
    const char *op = step->op == KIT_WRITE && step->verb < 4 ? verbs[step->verb] : ops[step->op];
    snprintf(out, room, "%s%s%s%s%s%s", op, step->entity ? " of " : "",
             step->entity ? step->entity->name : "",
             step->op == KIT_FIND ? " by " : step->word ? " " : "", step->word ? step->word : "",
             step->flags & KOPPEL_WRITE_DRY_RUN ? ", dry run" : "");
    return out;
}

static int read_page(struct kit_session *s, const struct kit_step *step, json_t *options,
                     struct kit_answer *out)
{
    uint32_t most = (uint32_t)step->entity->batch_read;
    struct koppel_read_request q = {.struct_size = sizeof q, .entity = step->entity->name,
                                    .limit = step->limit && step->limit < most ? step->limit : most,
                                    .cursor = step->cursor, .options = options,
                                    .page = step->page};
    out->batch.key_field = able_key_field(step->entity);
    return s->run->plugin->connector.read(s->self, &q, &out->batch, &out->err);
}

static int fetch_some(struct kit_session *s, const struct kit_step *step, json_t *options,
                      struct kit_answer *out)
{
    struct koppel_fetch_request q = {.struct_size = sizeof q, .entity = step->entity->name,
                                     .count = step->count, .ids = step->keys, .options = options};
    out->batch.key_field = able_key_field(step->entity);
    out->batch.unended = true;
    return s->run->plugin->connector.fetch(s->self, &q, &out->batch, &out->err);
}

static int find_some(struct kit_session *s, const struct kit_step *step, struct kit_answer *out)
{
    struct koppel_find_request q = {.struct_size = sizeof q, .entity = step->entity->name,
                                    .count = step->count, .match = step->word, .keys = step->keys};
    return s->run->plugin->connector.find(s->self, &q, &out->results, &out->err);
}

static int write_one(struct kit_session *s, const struct kit_step *step, struct kit_answer *out)
{
    struct koppel_write_item item = {.struct_size = sizeof item,
                                     .job = step->job ? step->job : "kit/flow/0/1/1",
                                     .id = step->id, .record = step->record};
    const struct koppel_write_item *items[] = {&item};
    struct koppel_write_request q = {.struct_size = sizeof q, .verb = step->verb,
                                     .flags = step->flags, .count = 1,
                                     .entity = step->entity->name, .items = items};
    return s->run->plugin->connector.write(s->self, &q, &out->results, &out->err);
}

static int ask(struct kit_session *s, const struct kit_step *step, json_t *options,
               struct kit_answer *out)
{
    const struct koppel_connector *ops = &s->run->plugin->connector;
    static const char body[] = "{\"event\": \"kit\"";
    struct koppel_subscription sub = {
        .struct_size = sizeof sub, .entity = step->entity ? step->entity->name : NULL,
        .url = "https://kit.invalid/hook", .secret = "0123456789abcdef", .id = step->id};
    struct koppel_receive_request message = {.struct_size = sizeof message, .method = "POST",
                                             .body = body, .body_bytes = sizeof body - 1,
                                             .subscription = &sub};
    switch (step->op) {
    case KIT_PROBE:
        return ops->probe(s->self, &out->list, &out->err);
    case KIT_READ:
        return read_page(s, step, options, out);
    case KIT_FIND:
        return find_some(s, step, out);
    case KIT_FETCH:
        return fetch_some(s, step, options, out);
    case KIT_WRITE:
        return write_one(s, step, out);
    case KIT_CHOICES:
        return ops->choices(s->self, step->word, &out->list, &out->err);
    case KIT_DESCRIBE:
        return ops->describe(s->self, step->entity->name, &out->described, &out->err);
    case KIT_VERIFY:
        return ops->verify(s->self, step->entity->name, &out->list, &out->err);
    case KIT_SUBSCRIBE:
        return ops->subscribe(s->self, &sub, &out->results, &out->err);
    case KIT_UNSUBSCRIBE:
        return ops->unsubscribe(s->self, &sub, &out->err);
    default:
        out->batch.unended = true;
        return ops->receive(s->self, &message, &out->batch, &out->err);
    }
}

/* What a flow gives that says nothing: the defaults, in the forms that config/conf_flow.c makes. */
static json_t *options_of(const struct cat_entity *e)
{
    json_t *out = json_object();
    for (int i = 0; e && i < e->option_count; i++) {
        const struct cat_setting *s = &e->options[i];
        int64_t ms = 0;
        json_t *value = NULL;
        if (!s->fallback)
            continue;
        if (s->type == SETTING_BOOLEAN)
            value = json_boolean(strcmp(s->fallback, "true") == 0);
        else if (s->type == SETTING_INTEGER)
            value = json_integer(strtoll(s->fallback, NULL, 10));
        else if (s->type == SETTING_DURATION && clock_parse_duration(s->fallback, &ms) == 0)
            value = json_integer(ms);
        else
            value = json_string(s->fallback);
        (void)json_object_set_new(out, s->name, value);
    }
    return out;
}

void kit_session_ask(struct kit_session *s, const struct kit_step *step, struct kit_answer *out)
{
    char words[128];
    json_t *options = options_of(step->entity);
    *out = (struct kit_answer){0};
    out->batch.plugin = s->run->plugin->entry.name;
    (void)results_init(&out->results, step->count > 0 ? step->count : 1);
    out->results.plugin = s->run->plugin->entry.name;
    kit_child_doing("%s", kit_session_words(step, words, sizeof words));
    kit_host_enter(&s->host);
    out->rc = ask(s, step, options, out);
    kit_host_enter(NULL);
    json_decref(options);
}

void kit_session_done(struct kit_answer *a)
{
    batch_done(&a->batch);
    results_done(&a->results);
    list_done(&a->list);
    json_decref(a->described);
    *a = (struct kit_answer){0};
}

/* ---- what holds for every answer ---- */

static const char *unreadable(const struct koppel_batch *b, char *out, size_t room)
{
    for (int i = 0; i < b->count; i++) {
        const json_t *why = json_object_get(b->records[i].record, BATCH_UNREADABLE);
        const char *reason = json_string_value(json_object_get(why, "reason"));
        if (b->records[i].kind != BATCH_UNREADABLE_RECORD || !reason ||
            strcmp(reason, "plugin.unreadable") == 0)
            continue;
        snprintf(out, room, "the record %s cannot be taken (%s): %s", b->records[i].key, reason,
                 json_string_value(json_object_get(why, "detail")));
        return out;
    }
    return NULL;
}

static const char *results_fault(const struct kit_step *step, const struct koppel_results *r,
                                 char *out, size_t room)
{
    if (step->op != KIT_WRITE && step->op != KIT_SUBSCRIBE)
        return NULL;
    for (uint32_t i = 0; i < r->count; i++) {
        const struct result_entry *e = &r->entries[i];
        bool made = step->op == KIT_SUBSCRIBE || step->verb == KOPPEL_VERB_CREATE;
        if (!e->done && !e->err.kind) {
            snprintf(out, room, "item %u has no result; host->result_done or host->result_error "
                     "is due for each", i);
            return out;
        }
        if (e->done && made && !(step->flags & KOPPEL_WRITE_DRY_RUN) &&
            !(e->hit_count > 0 && e->hits[0].id)) {
            snprintf(out, room, "item %u was made, and host->result_done gives no id", i);
            return out;
        }
    }
    return NULL;
}

const char *kit_session_fault(const struct kit_step *step, const struct kit_answer *a, char *out,
                              size_t room)
{
    char words[128];
    const char *text = NULL;
    int used = snprintf(out, room, "%s: ", kit_session_words(step, words, sizeof words));
    char *more = out + used;
    room -= (size_t)used;
    if (a->rc != 0 && a->rc != -1)
        text = "it returned neither 0 nor -1";
    else if (a->rc < 0 && !a->err.kind)
        text = "it failed without a reason; end it with `return host->fail(...)`";
    else if (a->batch.misuse.kind)
        text = a->batch.misuse.text;
    else if (a->results.misuse.kind)
        text = a->results.misuse.text;
    else if (a->rc == 0 && step->op == KIT_READ && !a->batch.next_cursor)
        text = "it ended without host->batch_end";
    else if (a->rc == 0 && step->op == KIT_DESCRIBE && !json_is_object(a->described))
        text = "it gave no object";
    if (text) {
        snprintf(more, room, "%s", text);
        return out;
    }
    if (unreadable(&a->batch, more, room))
        return out;
    return a->rc == 0 && results_fault(step, &a->results, more, room) ? out : NULL;
}

const struct koppel_error *kit_session_failure(const struct kit_answer *a)
{
    if (a->rc != 0)
        return &a->err;
    for (uint32_t i = 0; i < a->results.count; i++) {
        if (a->results.entries[i].err.kind)
            return &a->results.entries[i].err;
    }
    return NULL;
}
