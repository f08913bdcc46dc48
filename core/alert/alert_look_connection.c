/* SPDX-License-Identifier: MIT
 * What of a connection needs a person. */
#include "alert/alert_look_connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/pause.h"
#include "oauth/oauth2.h"

#define DAY_MS INT64_C(86400000)
#define DOWN_CRITICAL 6 /* times the threshold */
#define NOTE_BYTES 200

struct looking {
    struct store *store;
    const struct conf_alert *rules;
    const char *name;
    const struct alert_look_flow_facts *flows;
    int flow_count;
    int64_t now_ms;
    struct alert_findings *out;
};

static struct alert_finding *add(struct looking *l, enum conf_alert_name rule, json_t *facts_take)
{
    struct alert_finding *f = alert_findings_add(l->out, rule, l->name, "", facts_take);
    f->critical = l->rules->rules[rule].critical;
    return f;
}

static bool uses(const struct conf_flow *flow, const char *name)
{
    return (flow->from && strcmp(flow->from->name, name) == 0) ||
           (flow->to && strcmp(flow->to->name, name) == 0);
}

/* Is a flow paused as this connection refused its login? Its words name the connection; where they
 * name neither of the two it may be either. */
static const char *refused(const struct looking *l, const struct alert_look_flow_facts *f)
{
    const char *words = f->login ? f->why + strlen(PAUSE_LOGIN) : "";
    const struct conf_connection *sides[] = {f->conf->from, f->conf->to};
    size_t n = strlen(l->name);
    if (!f->login || !uses(f->conf, l->name))
        return NULL;
    if (strncmp(words, l->name, n) == 0 && words[n] == ':')
        return words;
    for (int i = 0; i < 2; i++) {
        size_t other = sides[i] ? strlen(sides[i]->name) : 0;
        if (sides[i] && strncmp(words, sides[i]->name, other) == 0 && words[other] == ':')
            return NULL;
    }
    return words;
}

static void find_login(struct looking *l, const struct oauth2_state *login)
{
    const char *words = NULL;
    for (int i = 0; i < l->flow_count && !words; i++)
        words = l->flows[i].by_hand ? NULL : refused(l, &l->flows[i]);
    if (!words && !login->ended)
        return;
    json_t *facts = json_object();
    if (words)
        (void)json_object_set_new(facts, "because", json_string_nocheck(words));
    else
        (void)json_object_set_new(facts, "reason", json_string("http.401"));
    add(l, CONF_ALERT_LOGIN, facts);
}

static void find_down(struct looking *l, const struct breaker_state *circuit)
{
    int64_t after = l->rules->rules[CONF_ALERT_DOWN].threshold;
    if (circuit->phase == BREAKER_CLOSED)
        return;
    struct alert_finding *f = add(l, CONF_ALERT_DOWN,
                                  json_pack("{s:o,s:o}", "reason",
                                            json_string_nocheck(circuit->why.reason), "because",
                                            json_string_nocheck(circuit->why.text)));
    f->since_ms = circuit->since_ms;
    f->after_ms = after;
    f->critical = f->critical || (circuit->since_ms > 0 &&
                                  l->now_ms - circuit->since_ms >= DOWN_CRITICAL * after);
}

/* A login that ends at a known time, or whose token nobody has renewed for a day, though a flow
 * runs that needs it. */
static void find_expiring(struct looking *l, const struct oauth2_state *login)
{
    int64_t before = l->rules->rules[CONF_ALERT_EXPIRING].threshold;
    bool ends = login->login_ends_ms > 0 && login->login_ends_ms - l->now_ms < before;
    bool runs = false;
    for (int i = 0; i < l->flow_count && !runs; i++)
        runs = !l->flows[i].paused && uses(l->flows[i].conf, l->name);
    bool stale = runs && login->until_ms > 0 && l->now_ms - login->until_ms > DAY_MS;
    if (!login->in || login->ended || (!ends && !stale))
        return;
    int64_t until = ends ? login->login_ends_ms : login->until_ms;
    add(l, CONF_ALERT_EXPIRING, json_pack("{s:I}", "until", (json_int_t)until));
}

/* As this process saw it, else as one before it did. */
static int find_certificate(struct looking *l, const struct connection_state *state,
                            struct koppel_error *err)
{
    char note[NOTE_BYTES], *text = NULL;
    int64_t ends = state->certificate_ends_ms;
    const char *host = state->certificate_host;
    snprintf(note, sizeof note, CONNECTION_CERTIFICATE "%.120s", l->name);
    if (ends == 0 && l->store->ops->note_get(l->store, note, &text, err) != 0)
        return -1;
    char *blank = text ? strchr(text, ' ') : NULL;
    if (blank) {
        *blank = '\0';
        host = blank + 1;
        if (clock_parse(text, &ends) != 0)
            ends = 0;
    }
    if (ends > 0 && ends - l->now_ms < l->rules->rules[CONF_ALERT_CERTIFICATE].threshold)
        add(l, CONF_ALERT_CERTIFICATE,
            json_pack("{s:I,s:o}", "until", (json_int_t)ends, "host", json_string_nocheck(host)));
    free(text);
    return 0;
}

int alert_look_connection(struct store *s, const struct conf_alert *rules, struct connection *c,
                          const struct alert_look_flow_facts *flows, int flow_count,
                          int64_t now_ms, struct alert_findings *out, struct koppel_error *err)
{
    struct looking l = {s, rules, connection_conf(c)->name, flows, flow_count, now_ms, out};
    struct connection_state state;
    struct oauth2_state login = {0};
    struct oauth2 *oauth = connection_oauth(c);
    bool used = false;
    for (int i = 0; i < flow_count && !used; i++)
        used = uses(flows[i].conf, l.name);
    if (!used)
        return 0;
    connection_state(c, &state);
    if (oauth && oauth2_look(oauth, &login, err) != 0)
        return -1;
    if (rules->rules[CONF_ALERT_LOGIN].on)
        find_login(&l, &login);
    if (rules->rules[CONF_ALERT_DOWN].on)
        find_down(&l, &state.circuit);
    if (rules->rules[CONF_ALERT_EXPIRING].on)
        find_expiring(&l, &login);
    return rules->rules[CONF_ALERT_CERTIFICATE].on ? find_certificate(&l, &state, err) : 0;
}
