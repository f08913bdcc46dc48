/* SPDX-License-Identifier: MIT
 * Questions about connections. */
#include "service/connections.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "oauth/oauth2.h"
#include "service/ask.h"
#include "service/test_steps.h"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* ---- list ---- */

static json_t *moment(int64_t ms)
{
    char text[CLOCK_TEXT_BYTES];
    if (ms <= 0)
        return json_null();
    (void)clock_format(ms / 1000 * 1000, text);
    return json_string(text);
}

static const char *login_word(const struct oauth2_state *state)
{
    return state->ended ? "ended" : state->in ? "in" : "out";
}

static bool has_secret(const struct conf_connection *conf)
{
    for (int i = 0; i < conf->setting_count; i++) {
        if (conf->settings[i].secret)
            return true;
    }
    return false;
}

static int add_login(json_t *row, struct connection *c, struct koppel_error *err)
{
    struct oauth2 *oauth = connection_oauth(c);
    struct oauth2_state state = {0};
    if (oauth && oauth2_look(oauth, &state, err) != 0)
        return -1;
    const char *word = oauth                             ? login_word(&state)
                       : has_secret(connection_conf(c)) ? "settings"
                                                        : "none";
    json_object_set_new(row, "login", json_string(word));
    json_object_set_new(row, "token_until", moment(state.until_ms));
    json_object_set_new(row, "login_until", moment(state.login_ends_ms));
    return 0;
}

/* As this process saw it, else as one before it did. */
static int add_certificate(json_t *row, struct store *store, const char *name,
                           const struct connection_state *state, struct koppel_error *err)
{
    char note[200], *text = NULL;
    bool seen = state->certificate_ends_ms > 0;
    json_t *until = moment(state->certificate_ends_ms);
    json_t *host = ask_json_text(seen ? state->certificate_host : NULL);
    snprintf(note, sizeof note, CONNECTION_CERTIFICATE "%.120s", name);
    int rc = 0;
    if (!seen)
        rc = store->ops->note_get(store, note, &text, err);
    char *blank = text ? strchr(text, ' ') : NULL;
    if (blank) {
        *blank = '\0';
        json_decref(until);
        json_decref(host);
        until = json_string(text);
        host = ask_json_text(blank + 1);
    }
    json_object_set_new(row, "certificate_until", until);
    json_object_set_new(row, "certificate_host", host);
    free(text);
    return rc;
}

/* The note of a call that does not come back: of this engine, or of one before it. */
static int add_blocked(json_t *row, struct store *store, const char *name, struct koppel_error *err)
{
    char note[200], *words = NULL;
    snprintf(note, sizeof note, CONNECTION_BLOCKED "%.120s", name);
    int rc = store->ops->note_get(store, note, &words, err);
    json_object_set_new(row, "blocked", ask_json_text(words));
    free(words);
    return rc;
}

static json_t *row_of(struct service *s, const struct conf_connection *conf,
                      struct koppel_error *err)
{
    static const char *const phases[] = {[BREAKER_CLOSED] = "closed", [BREAKER_OPEN] = "open",
                                         [BREAKER_HALF_OPEN] = "half-open"};
    struct connection *c = engine_connection(s->engine, conf);
    struct connection_state state;
    connection_state(c, &state);
    bool closed = state.circuit.phase == BREAKER_CLOSED;
    json_t *row = json_pack("{s:s,s:s,s:s,s:o,s:o,s:o,s:o}", "connection", conf->name, "connector",
                            conf->connector, "circuit", phases[state.circuit.phase], "why",
                            closed ? json_null() : ask_json_text(state.circuit.why.text), "since",
                            moment(closed ? 0 : state.circuit.since_ms), "called",
                            moment(state.called_ms), "answered", moment(state.answered_ms));
    if (!row)
        no_memory(err);
    else if (add_login(row, c, err) == 0 &&
             add_certificate(row, s->store, conf->name, &state, err) == 0 &&
             add_blocked(row, s->store, conf->name, err) == 0)
        return row;
    json_decref(row);
    return NULL;
}

int connections_list(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    (void)ask;
    json_t *rows = json_array();
    for (int i = 0; rows && i < s->conf->connection_count; i++) {
        json_t *row = row_of(s, &s->conf->connections[i], err);
        if (!row || json_array_append_new(rows, row) != 0) {
            json_decref(rows);
            return -1;
        }
    }
    *out = rows ? json_pack("{s:o}", "connections", rows) : NULL;
    return *out ? 0 : no_memory(err);
}

/* ---- test ---- */

int connections_test(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    const struct conf_connection *conf = ask_connection(s, ask_text(ask, "connection"), err);
    if (!conf || test_steps_run(engine_connection(s->engine, conf), s->conf, ask, out, err) != 0)
        return -1;
    return json_object_set_new(*out, "connection", json_string(conf->name)) == 0 ? 0
                                                                                 : no_memory(err);
}
