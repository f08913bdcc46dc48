/* SPDX-License-Identifier: MIT
 * Questions and orders about alerts. */
#include "service/alerts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_book_json.h"
#include "alert/alert_outbox.h"
#include "alert/alert_send.h"
#include "alert/alert_tell.h"
#include "alert/alert_text.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/zone.h"
#include "config/conf_alert.h"
#include "service/ask.h"
#include "store/store_memory.h"

#define TRIES 5 /* of a change that an engine comes in between */

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static json_t *moment(int64_t ms)
{
    char text[CLOCK_TEXT_BYTES];
    if (ms <= 0)
        return json_null();
    clock_format(ms / 1000 * 1000, text);
    return json_string(text);
}

/* ---- list ---- */

static bool is_shown(const struct alert *a, bool all)
{
    return all || a->state == ALERT_OPEN || a->state == ALERT_ACKNOWLEDGED;
}

static json_t *alert_rows(const struct alert_book *b, const struct conf_alert *conf, bool all)
{
    json_t *rows = json_array();
    for (int i = 0; rows && i < b->count; i++) {
        if (!is_shown(b->alerts[i], all))
            continue;
        json_t *row = alert_book_json_row(b->alerts[i]);
        char *text = alert_text_line(conf, b->alerts[i]);
        char *todo = alert_text_todo(conf, b->alerts[i]);
        (void)json_object_set_new(row, "text", ask_json_text(text));
        (void)json_object_set_new(row, "do", ask_json_text(todo));
        if (!conf->personal) /* its facts may hold more than the texts do */
            (void)json_object_del(row, "facts");
        (void)json_array_append_new(rows, row);
        free(text);
        free(todo);
    }
    return rows;
}

static int channel_rows(struct store *s, const struct conf_alert *conf, json_t *rows,
                        struct koppel_error *err)
{
    for (int i = 0; i < conf->channel_count; i++) {
        const struct conf_alert_channel *c = &conf->channels[i];
        struct alert_outbox_state state;
        if (alert_outbox_state_get(s, c->name, &state, err) != 0)
            return -1;
        const char *error = c->lacks ? c->lacks : state.failures > 0 ? state.text : NULL;
        json_t *row = json_pack("{s:s,s:s,s:i,s:o,s:o}", "channel", c->name, "type",
                                conf_alert_channel_type(c->type), "failures", state.failures,
                                "last", moment(state.last_ms), "error", ask_json_text(error));
        if (json_array_append_new(rows, row) != 0)
            return no_memory(err);
    }
    return 0;
}

/* The same in another language, which is that of who asks. */
static int in_language(const struct conf_alert *conf, const char *language, struct conf_alert *out,
                       struct koppel_error *err)
{
    static const char *const languages[] = {"en", "de", "nl"};
    *out = *conf;
    for (int i = 0; language && i < 3; i++) {
        if (strcmp(languages[i], language) == 0)
            out->language = languages[i];
    }
    return !language || strcmp(out->language, language) == 0
               ? 0 : ask_unknown("language", language, "the texts of alerts", languages, 3, err);
}

int alerts_list(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    struct alert_book book = {0};
    struct conf_alert conf;
    int64_t rev = 0;
    json_t *channels = json_array();
    int rc = channels ? in_language(s->conf->alert, ask_text(ask, "language"), &conf, err)
                      : no_memory(err);
    conf.personal = conf.personal && !ask->who->no_persons;
    if (rc == 0)
        rc = alert_book_json_load(&book, s->store, &rev, err);
    if (rc == 0)
        rc = channel_rows(s->store, s->conf->alert, channels, err);
    if (rc == 0)
        *out = json_pack("{s:o,s:O}", "alerts",
                         alert_rows(&book, &conf, ask_flag(ask, "all")), "channels",
                         channels);
    json_decref(channels);
    alert_book_done(&book);
    return rc == 0 && !*out ? no_memory(err) : rc;
}

/* ---- acknowledging ---- */

/* "2h", "2026-12-01T08:00:00Z", "2026-12-01" in the zone of the home. */
static int until_of(struct service *s, const char *text, int64_t *out, struct koppel_error *err)
{
    char day[64];
    int64_t now = clock_now_ms(), length = 0;
    *out = 0;
    if (!text)
        return 0;
    snprintf(day, sizeof day, "%.40sT00:00:00Z", text);
    if (clock_parse_duration(text, &length) == 0)
        *out = now + length;
    else if (clock_parse(text, out) != 0 && clock_parse(day, out) == 0)
        *out -= (int64_t)zone_offset(zone_find(s->conf->home.zone), *out / 1000) * 1000;
    if (*out > now)
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                      "until must be a length such as \"2h\", a day such as 2026-12-01 or a "
                      "moment, and to come, not \"%s\"", text);
}

static int acknowledge(struct service *s, const struct service_ask *ask, int64_t number,
                       int64_t until, int *lost, struct koppel_error *err)
{
    struct alert_book book = {0};
    struct koppel_error why = {0};
    int64_t rev = 0;
    *lost = 0;
    int rc = alert_book_json_load(&book, s->store, &rev, err);
    if (rc == 0 && alert_book_acknowledge(&book, number, ask->who->name, until, &why) != 0)
        rc = why.kind != KOPPEL_E_REJECTED
                 ? err_set(err, why.kind, "%s", why.text)
                 : err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN,
                              "%s; koppel alert list shows those that there are", why.text);
    if (rc == 0)
        rc = alert_book_json_keep(&book, s->store, rev, lost, err);
    alert_book_done(&book);
    return rc;
}

int alerts_acknowledge(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err)
{
    int64_t number = ask_number(ask, "alert"), until = 0;
    int lost = 1, rc = until_of(s, ask_text(ask, "until"), &until, err);
    for (int i = 0; i < TRIES && lost && rc == 0; i++)
        rc = acknowledge(s, ask, number, until, &lost, err);
    if (rc != 0)
        return -1;
    if (lost)
        return err_set(err, KOPPEL_E_RETRY, "the alerts change all the time; try it again");
    *out = json_pack("{s:I,s:o}", "alert", (json_int_t)number, "until", moment(until));
    return *out ? 0 : no_memory(err);
}

/* ---- the engine is gone ---- */

/* The store of the configuration; where it cannot be had, as it may be why the engine is gone, one
 * in memory: who is told matters more than that it is kept. */
static struct store *open_store(const struct conf *conf, struct koppel_error *err)
{
    struct store *store = NULL;
    struct koppel_error why = {0};
    struct store_conf where = {.key = conf->key};
    if (engine_open_store(conf, ENGINE_ORDER, &store, &why) == 0)
        return store;
    log_warning(LOG_ABOUT(.event = "alert", .reason = why.reason),
                "the alert is sent without the store: %s", why.text);
    return store_memory.open(&where, STORE_ENGINE, &store, err) == 0 ? store : NULL;
}

int alerts_failed(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    struct alert_tell_result told;
    int sent = 0, rc = 0;
    if (!s->conf)
        return err_set(err, KOPPEL_E_CONFIG, "%s cannot be read; koppel check says why", s->dir);
    const struct conf_alert *conf = s->conf->alert;
    if (conf->rules[CONF_ALERT_STOPPED].on) {
        struct store *store = open_store(s->conf, err);
        if (!store)
            return -1;
        rc = alert_tell_stopped(store, conf, ask_text(ask, "unit"), ask_text(ask, "why"),
                                clock_now_ms(), &told, err);
        if (rc == 0)
            rc = alert_send_once(store, conf, told.turn, &sent, err);
        store->ops->close(store);
    }
    if (rc == 0)
        *out = json_pack("{s:s,s:i,s:i}", "unit", ask_text(ask, "unit"), "channels",
                         conf->channel_count, "sent", sent);
    return rc == 0 && !*out ? no_memory(err) : rc;
}
