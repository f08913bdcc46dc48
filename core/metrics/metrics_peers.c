/* SPDX-License-Identifier: MIT
 * The connections' series. A call is named by what it does and the entity, never by an address. */
#include "metrics/metrics_peers.h"

#include <stdlib.h>
#include <string.h>

#include "metrics/metrics_text.h"
#include "oauth/oauth2.h"

#define US INT64_C(1000000)

struct facts {
    const char *name;
    struct connection_state state;
    bool logs_in;
    struct oauth2_state login;
};

struct shown {
    struct buf *out;
    const struct facts *peers;
    int count;
};

/* One number per connection; absent: this value is not shown. */
static void add_each(const struct shown *s, const char *name, const char *help,
                     int64_t (*value)(const struct facts *f), int64_t parts, int64_t absent)
{
    metrics_text_family(s->out, name, "gauge", help);
    for (int i = 0; i < s->count; i++) {
        int64_t v = value(&s->peers[i]);
        if (v != absent)
            metrics_text_part(s->out, name,
                              METRICS_TEXT_LABELS({"connection", s->peers[i].name}), v, parts);
    }
}

static int64_t is_up(const struct facts *f)
{
    return f->state.circuit.phase == BREAKER_CLOSED;
}

static int64_t blocked(const struct facts *f)
{
    return f->state.blocked;
}

static int64_t answered(const struct facts *f)
{
    return f->state.answered_ms;
}

static int64_t certificate(const struct facts *f)
{
    return f->state.certificate_ends_ms;
}

static int64_t logged_in(const struct facts *f)
{
    return !f->logs_in ? -1 : f->login.in && !f->login.ended;
}

static int64_t login_ends(const struct facts *f)
{
    return f->logs_in ? f->login.login_ends_ms : 0;
}

static bool has(const struct shown *s, const char *connection)
{
    for (int i = 0; i < s->count; i++) {
        if (strcmp(s->peers[i].name, connection) == 0)
            return true;
    }
    return false;
}

static void add_calls(void *arg, const struct meter_row *row)
{
    const struct shown *s = arg;
    if (has(s, row->words[0]))
        metrics_text_number(s->out, "koppel_peer_requests_total",
                            METRICS_TEXT_LABELS({"connection", row->words[0]},
                                                {"operation", row->words[1]},
                                                {"code", row->words[2]}),
                            row->count);
}

static void add_call_time(void *arg, const struct meter_row *row)
{
    const struct shown *s = arg;
    if (has(s, row->words[0]))
        metrics_text_histogram(s->out, "koppel_peer_request_duration_seconds",
                               METRICS_TEXT_LABELS({"connection", row->words[0]},
                                                   {"operation", row->words[1]}),
                               meter_bounds(METER_CALL_US), row, US);
}

static int ask(struct facts *f, struct connection *c, struct koppel_error *err)
{
    struct oauth2 *oauth = connection_oauth(c);
    f->name = connection_conf(c)->name;
    connection_state(c, &f->state);
    f->logs_in = oauth != NULL;
    return oauth ? oauth2_look(oauth, &f->login, err) : 0;
}

static void show(const struct shown *s)
{
    add_each(s, "koppel_connection_up", "0 while it rests, as it does not answer", is_up, 1, -1);
    add_each(s, "koppel_connection_blocked_calls", "Calls that do not come back", blocked, 1, -1);
    add_each(s, "koppel_connection_last_answer_timestamp_seconds",
             "When it last answered, in this process", answered, 1000, 0);
    add_each(s, "koppel_login_valid", "0 where somebody has to log in (koppel connect)", logged_in,
             1, -1);
    add_each(s, "koppel_login_expiry_timestamp_seconds",
             "When its login ends for good, where it tells", login_ends, 1000, 0);
    add_each(s, "koppel_certificate_expiry_timestamp_seconds",
             "When the certificate of its hosts that ends first does", certificate, 1000, 0);
    metrics_text_family(s->out, "koppel_peer_requests_total", "counter",
                        "Calls of connectors, by what came of them");
    meter_each(METER_CALLS, add_calls, (void *)s);
    metrics_text_family(s->out, "koppel_peer_request_duration_seconds", "histogram",
                        "How long calls of connectors took");
    meter_each(METER_CALL_US, add_call_time, (void *)s);
}

int metrics_peers_add(struct buf *out, const struct generation *g, struct koppel_error *err)
{
    int n = g->conf->connection_count, rc = 0;
    struct facts *peers = calloc((size_t)n + 1, sizeof *peers);
    if (!peers)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < n && rc == 0; i++)
        rc = ask(&peers[i], g->connections[i], err);
    const struct shown s = {out, peers, n};
    if (rc == 0)
        show(&s);
    free(peers);
    return rc;
}
