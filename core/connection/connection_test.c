/* SPDX-License-Identifier: MIT
 * Tests a connection by steps. */
#include "connection/connection_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fact.h"
#include "connection/batch.h"
#include "connection/connection_find.h"
#include "connection/connection_needs.h"
#include "connection/connection_probe.h"
#include "connection/connection_read.h"
#include "connection/connection_test_advice.h"
#include "connection/results.h"
#include "http/http_reach.h"
#include "oauth/oauth2.h"

#define CERTIFICATE_SOON_MS (14 * INT64_C(86400000))
#define DAY_MS INT64_C(86400000)
#define ADDRESS_BYTES 2048
#define HOSTS_MAX 8

struct test {
    struct connection *c;
    const struct conf *conf;
    connection_test_told *told;
    void *arg;
    bool warned;
    bool failed;              /* what follows is not tried */
    struct koppel_error *why; /* of the first failure */
};

/* ---- telling ---- */

/* -1: nobody listens any more, or it failed. */
static int tell(struct test *t, const struct connection_test_step *step)
{
    t->warned = t->warned || step->outcome == CONNECTION_TEST_WARNING;
    if (t->told(t->arg, step) != 0)
        return err_set(t->why, KOPPEL_E_CANCELLED, "nobody waits for the test any more");
    return 0;
}

static int went_well(struct test *t, const char *step, const char *of, int64_t ms, const char *text)
{
    const struct connection_test_step s = {.step = step, .of = of, .ms = ms, .text = text};
    return tell(t, &s);
}

static int untried(struct test *t, const char *step, const char *of)
{
    const struct connection_test_step s = {.step = step, .of = of, .text = "",
                                           .outcome = CONNECTION_TEST_UNTRIED};
    return tell(t, &s);
}

/* The words of an error without the connection's name, which stands above. */
static const char *words_of(const struct test *t, const struct koppel_error *err)
{
    const char *name = connection_conf(t->c)->name;
    size_t n = strlen(name);
    bool named = strncmp(err->text, name, n) == 0 && strncmp(err->text + n, ": ", 2) == 0;
    return named ? err->text + n + 2 : err->text;
}

/* A step that failed; setting: where the error names none. lesser: a warning will do. */
static int went_wrong(struct test *t, const char *step, const char *of, int64_t ms,
                      const char *setting, bool lesser, const struct koppel_error *err)
{
    char named[128], advice[CONNECTION_TEST_ADVICE_BYTES];
    bool oauth = connection_oauth(t->c) != NULL;
    if (fact_text(err, "setting", named, sizeof named))
        setting = named;
    const struct connection_test_step s = {
        .step = step,
        .of = of,
        .ms = ms,
        .outcome = lesser ? CONNECTION_TEST_WARNING : CONNECTION_TEST_FAILED,
        .setting = setting,
        .text = words_of(t, err),
        .advice = connection_test_advice(err, oauth ? connection_conf(t->c)->name : NULL, advice)};
    if (!lesser && !t->failed) {
        t->failed = true;
        *t->why = *err;
    }
    return tell(t, &s);
}

/* ---- name, connection, TLS ---- */

static const char *const part_names[] = {"name", "connect", "TLS"};

/* The port of an address where it is a setting of its own, and set; NULL: not. */
static const char *port_of(const struct conf_connection *conf, const struct cat_setting *s)
{
    const struct conf_setting *port = s->port ? conf_setting(conf, s->port) : NULL;
    return port ? port->text : NULL;
}

/* The address of a setting, with that port. */
static void address_of(const struct conf_connection *conf, const struct cat_setting *s,
                       char out[ADDRESS_BYTES])
{
    const char *port = port_of(conf, s), *url = conf_setting(conf, s->name)->text;
    const char *host = strstr(url, "://");
    size_t authority = host ? (size_t)(host + 3 - url) + strcspn(host + 3, "/?#") : strlen(url);
    if (port)
        snprintf(out, ADDRESS_BYTES, "%.*s:%s%s", (int)authority, url, port, url + authority);
    else
        snprintf(out, ADDRESS_BYTES, "%s", url);
}

static void certificate_words(const struct http_reach *r, char *out, size_t room)
{
    char until[CLOCK_TEXT_BYTES];
    const struct http_certificate *c = &r->certificate;
    if (c->ends_ms <= 0) {
        snprintf(out, room, "%s", r->version);
        return;
    }
    long long days = (long long)((c->ends_ms - clock_now_ms()) / DAY_MS);
    (void)clock_format(c->ends_ms, until);
    snprintf(out, room, "%s, certificate by %s good for %lld %s, until %.10s", r->version,
             c->issuer, days, days == 1 ? "day" : "days", until);
}

static int tell_part(struct test *t, const struct http_reach *r, int part)
{
    char text[400] = "";
    bool soon = false;
    if (part == HTTP_REACH_NAME)
        snprintf(text, sizeof text, "%s", r->address);
    if (part == HTTP_REACH_TLS && r->plain)
        snprintf(text, sizeof text, "plain http, on this machine itself");
    else if (part == HTTP_REACH_TLS)
        certificate_words(r, text, sizeof text);
    if (part == HTTP_REACH_TLS && r->certificate.ends_ms > 0)
        soon = r->certificate.ends_ms - clock_now_ms() < CERTIFICATE_SOON_MS;
    const struct connection_test_step s = {
        .step = part_names[part],
        .of = r->origin,
        .ms = r->ms[part],
        .text = text,
        .outcome = soon ? CONNECTION_TEST_WARNING : CONNECTION_TEST_OK,
        .advice = soon ? "see that whoever runs the system renews its certificate in time" : NULL};
    return tell(t, &s);
}

/* The setting that a failure on the way points at. */
static const char *setting_of(const struct koppel_error *err, const struct cat_setting *s,
                              bool has_port)
{
    bool port = strcmp(err->reason, "http.connect") == 0 ||
                strcmp(err->reason, "tls.none") == 0 || strcmp(err->reason, "tls.closed") == 0;
    if (strcmp(err->reason, "tls.issuer") == 0)
        return "tls_ca";
    if (strcmp(err->reason, "tls.version") == 0)
        return "tls_min";
    return port && has_port ? s->port : s->name;
}

static int reach(struct test *t, const struct cat_setting *s, const char *url)
{
    struct http_reach r;
    struct koppel_error err = {0};
    int rc = http_reach(connection_http(t->c), url, &r, &err);
    if (err.kind == KOPPEL_E_CANCELLED)
        return err_set(t->why, KOPPEL_E_CANCELLED, "stopping");
    int told = 0;
    for (int i = 0; i < HTTP_REACH_PARTS && told == 0; i++) {
        if (i < r.parts)
            told = tell_part(t, &r, i);
        else if (i == r.parts && rc != 0)
            told = went_wrong(t, part_names[i], r.origin, r.ms[i],
                              setting_of(&err, s, port_of(connection_conf(t->c), s) != NULL), false,
                              &err);
        else
            told = untried(t, part_names[i], r.origin);
    }
    return told;
}

/* Every host that its settings name, once. */
static int reach_all(struct test *t)
{
    const struct conf_connection *conf = connection_conf(t->c);
    char seen[HOSTS_MAX][ADDRESS_BYTES];
    int hosts = 0, rc = 0;
    for (int i = 0; i < conf->catalogue->setting_count && rc == 0 && hosts < HOSTS_MAX; i++) {
        const struct cat_setting *s = &conf->catalogue->settings[i];
        const struct conf_setting *set = conf_setting(conf, s->name);
        if (s->type != SETTING_URL || !set || !set->text || !set->text[0])
            continue;
        char url[ADDRESS_BYTES], *path;
        address_of(conf, s, url);
        path = strstr(url, "://") ? strchr(strstr(url, "://") + 3, '/') : NULL;
        if (path)
            *path = '\0'; /* two settings of one host are one host */
        bool known = false;
        for (int k = 0; k < hosts; k++)
            known = known || strcmp(seen[k], url) == 0;
        if (known)
            continue;
        snprintf(seen[hosts++], ADDRESS_BYTES, "%s", url);
        if (!t->failed) {
            rc = reach(t, s, url);
            continue;
        }
        for (int k = 0; k < HTTP_REACH_PARTS && rc == 0; k++)
            rc = untried(t, part_names[k], strstr(url, "://") ? strstr(url, "://") + 3 : url);
    }
    return rc;
}

/* ---- login, and what the connector tries ---- */

/* What is short is not nothing. */
static int64_t rounded_ms(int64_t ns)
{
    return (ns + 999999) / 1000000;
}

static int log_in(struct test *t)
{
    struct oauth2 *oauth = connection_oauth(t->c);
    struct oauth2_bearer *bearer = NULL;
    struct oauth2_state state;
    struct koppel_error err = {0}, ignored = {0};
    char text[80] = "", until[CLOCK_TEXT_BYTES];
    if (!oauth)
        return 0;
    if (t->failed)
        return untried(t, "log in", "");
    int64_t begun = clock_monotonic_ns();
    int rc = oauth2_hold(oauth, &bearer, &err);
    int64_t ms = rounded_ms(clock_monotonic_ns() - begun);
    oauth2_bearer_drop(bearer);
    if (rc != 0)
        return went_wrong(t, "log in", "", ms, NULL, false, &err);
    if (oauth2_look(oauth, &state, &ignored) == 0 && state.until_ms > 0) {
        (void)clock_format(state.until_ms, until);
        snprintf(text, sizeof text, "the access token is good until %s", until);
    }
    return went_well(t, "log in", "", ms, text);
}

static int tell_row(struct test *t, const struct list_row *row, int64_t ms,
                    const struct koppel_error *err)
{
    bool bad = row->outcome == KOPPEL_STEP_FAILED;
    struct koppel_error why = {0};
    if (bad && err->kind)
        why = *err;
    else if (bad)
        err_set(&why, KOPPEL_E_CONFIG, "%s", row->title);
    if (bad)
        return went_wrong(t, row->value, "", ms, row->setting, false, &why);
    const struct connection_test_step s = {
        .step = row->value,
        .of = "",
        .ms = ms,
        .setting = row->setting,
        .text = row->title,
        .outcome = row->outcome == KOPPEL_STEP_WARNING ? CONNECTION_TEST_WARNING
                                                       : CONNECTION_TEST_OK};
    return tell(t, &s);
}

/* Its steps with what each took, and what it failed in after them. */
static int probe(struct test *t, struct koppel_list *facts)
{
    struct koppel_error err = {0};
    if (t->failed)
        return untried(t, "answer", "");
    int64_t begun = clock_monotonic_ns();
    int rc = connection_probe(t->c, facts, NULL, &err), told = 0;
    int64_t last = begun, now = clock_monotonic_ns();
    bool any = false;
    for (int i = 0; i < facts->count && told == 0; i++) {
        const struct list_row *row = &facts->rows[i];
        if (!row->outcome)
            continue;
        any = true;
        told = tell_row(t, row, rounded_ms(row->at_ns - last), &err);
        last = row->at_ns;
    }
    if (told != 0 || t->failed || (rc == 0 && any))
        return told;
    if (rc == 0)
        return went_well(t, "answer", "", rounded_ms(now - last), "");
    if (err.kind == KOPPEL_E_CANCELLED)
        return err_set(t->why, KOPPEL_E_CANCELLED, "stopping");
    return went_wrong(t, err.kind == KOPPEL_E_AUTH ? "log in" : "answer", "",
                      rounded_ms(now - last), NULL, false, &err);
}

/* ---- rights, and one read ---- */

static int read_one(struct test *t, const struct connection_need *n, int *records,
                    struct koppel_error *err)
{
    struct koppel_batch batch = {0};
    const struct koppel_read_request request = {.entity = n->entity->name, .limit = 1,
                                                .page = n->entity->numbered ? 1 : 0,
                                                .options = n->flow->options};
    int rc = connection_read(t->c, &request, &batch, NULL, err);
    *records = batch.count;
    batch_done(&batch);
    return rc;
}

/* Something that hardly exists, in a field by which it may be looked for. */
static int find_one(struct test *t, const struct connection_need *n, struct koppel_error *err)
{
    const struct cat_entity *e = n->entity;
    const char *field = e->match_count > 0 ? e->match[0].field : e->document ? e->document
                                                                             : e->find[0];
    const struct cat_field *f = catalogue_field(e, field);
    const char *key = f && f->role && strcmp(f->role, "email") == 0 ? "nobody@koppel.invalid" : "1";
    struct koppel_results out;
    if (results_init(&out, 1) != 0)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int rc = connection_find(t->c, e->name, field, &key, NULL, 1, &out, NULL, err);
    if (rc == 0 && out.entries[0].err.kind) {
        *err = out.entries[0].err;
        rc = -1;
    }
    results_done(&out);
    return rc;
}

/* Is it a refusal of the account, or of this one question? */
static bool says_no_right(const struct koppel_error *err)
{
    return err->kind == KOPPEL_E_AUTH || err->kind == KOPPEL_E_RETRY ||
           err->kind == KOPPEL_E_CONFIG || strcmp(err->reason, KOPPEL_REASON_ACCESS) == 0;
}

static int one_right(struct test *t, const struct connection_need *n)
{
    struct koppel_error err = {0};
    char text[300];
    int records, rc = 0;
    int64_t begun = clock_monotonic_ns();
    bool looks = !n->read && n->entity->can & CAN_FIND && n->entity->find_count > 0;
    if (n->read)
        rc = read_one(t, n, &records, &err);
    else if (looks)
        rc = find_one(t, n, &err);
    int64_t ms = rounded_ms(clock_monotonic_ns() - begun);
    if (err.kind == KOPPEL_E_CANCELLED)
        return err_set(t->why, KOPPEL_E_CANCELLED, "stopping");
    if (rc != 0 && says_no_right(&err)) {
        err_prefix(&err, "flow %s%s needs it", n->flow->name,
                   n->flow->enabled ? "" : ", which is off,");
        return went_wrong(t, "rights", n->entity->name, ms, NULL, !n->flow->enabled, &err);
    }
    snprintf(text, sizeof text, "%s", n->read ? "may be read" : looks ? "may be looked for"
                                              : "only a write would show");
    return went_well(t, "rights", n->entity->name, ms, text);
}

static int last_read(struct test *t, const struct connection_need *n)
{
    struct koppel_error err = {0};
    char text[80];
    int records = 0;
    if (t->failed)
        return untried(t, "read", n->entity->name);
    int64_t begun = clock_monotonic_ns();
    int rc = read_one(t, n, &records, &err);
    int64_t ms = rounded_ms(clock_monotonic_ns() - begun);
    if (err.kind == KOPPEL_E_CANCELLED)
        return err_set(t->why, KOPPEL_E_CANCELLED, "stopping");
    if (rc != 0)
        return went_wrong(t, "read", n->entity->name, ms, NULL, !n->flow->enabled, &err);
    snprintf(text, sizeof text, "%d %s came", records, records == 1 ? "record" : "records");
    return went_well(t, "read", n->entity->name, ms, text);
}

/* Of one entity a record is read in the end; all others show what is allowed. */
static int rights(struct test *t)
{
    struct connection_need *needs;
    int count = connection_needs(t->conf, connection_conf(t->c), &needs), rc = 0;
    if (count < 0)
        return err_set(t->why, KOPPEL_E_RETRY, "out of memory");
    const struct connection_need *read = NULL;
    for (int i = 0; i < count; i++) {
        bool better = !read || (needs[i].flow->enabled && !read->flow->enabled);
        if (needs[i].read && better)
            read = &needs[i];
    }
    if (t->failed)
        rc = untried(t, "rights", "");
    else
        for (int i = 0; i < count && rc == 0; i++)
            rc = &needs[i] == read ? 0 : one_right(t, &needs[i]);
    if (rc == 0 && read)
        rc = last_read(t, read);
    free(needs);
    return rc;
}

int connection_test(struct connection *c, const struct conf *conf, connection_test_told *told,
                    void *arg, struct koppel_list *facts, bool *warned, struct koppel_error *err)
{
    struct test t = {.c = c, .conf = conf, .told = told, .arg = arg, .why = err};
    *facts = (struct koppel_list){0};
    int rc = reach_all(&t);
    if (rc == 0)
        rc = log_in(&t);
    if (rc == 0)
        rc = probe(&t, facts);
    if (rc == 0)
        rc = rights(&t);
    *warned = t.warned;
    return rc != 0 || t.failed ? -1 : 0;
}
