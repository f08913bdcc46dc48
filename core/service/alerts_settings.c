/* SPDX-License-Identifier: MIT
 * alerts.conf as a form. */
#include "service/alerts_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "config/conf_alert.h"
#include "config/conf_load.h"
#include "service/alerts_file.h"
#include "service/ask.h"
#include "service/save.h"
#include "service/save_may.h"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- channels ---- */

/* "env" of "env:NAME". */
static json_t *kind_of(const char *reference)
{
    return json_stringn_nocheck(reference, strcspn(reference, ":"));
}

/* What is said of a channel of the file; a text that is none of a reference where a secret stands
 * is not shown either. */
static json_t *channel_row(const json_t *channel)
{
    json_t *settings = json_object(), *secrets = json_object(), *value;
    const char *name;
    json_object_foreach((json_t *)channel, name, value) {
        const char *text = json_string_value(value);
        bool reference = text && secret_is_reference(text);
        if (strcmp(name, "name") == 0 || strcmp(name, "type") == 0)
            continue;
        if (reference || alerts_file_is_secret(name))
            (void)json_object_set_new(secrets, name,
                                      json_pack("{s:b,s:o}", "set", 1, "from",
                                                reference ? kind_of(text) : json_string("text")));
        else
            (void)json_object_set(settings, name, value);
    }
    return json_pack("{s:O?,s:O?,s:o,s:o}", "channel", json_object_get(channel, "name"), "type",
                     json_object_get(channel, "type"), "settings", settings, "secrets", secrets);
}

static json_t *channel_rows(const json_t *file)
{
    json_t *rows = json_array();
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(file, "channels"), i, one)
        (void)json_array_append_new(rows, channel_row(one));
    return rows;
}

/* ---- rules ---- */

static json_t *names_of(const struct conf_alert_rule *rule)
{
    if (!rule->channels)
        return json_null();
    json_t *names = json_array();
    for (int i = 0; i < rule->channel_count; i++)
        (void)json_array_append_new(names, json_string(rule->channels[i]));
    return names;
}

static const char *severity(const struct conf_alert_rule *rule)
{
    return rule->critical ? "critical" : "warning";
}

static json_t *rule_rows(const struct conf_alert *alert)
{
    struct conf_alert_rule usual[CONF_ALERT_RULES];
    json_t *rows = json_array();
    conf_alert_rule_defaults(usual);
    for (int i = 0; i < CONF_ALERT_RULES; i++) {
        const struct conf_alert_rule *r = &alert->rules[i], *u = &usual[i];
        const char *measure = conf_alert_rule_measure((enum conf_alert_name)i);
        bool changed = r->on != u->on || r->critical != u->critical ||
                       r->threshold != u->threshold || r->channels;
        (void)json_array_append_new(
            rows, json_pack("{s:s,s:b,s:s,s:s,s:o,s:I,s:I,s:o,s:b}", "rule",
                            conf_alert_rule_name((enum conf_alert_name)i), "on", r->on, "severity",
                            severity(r), "usual_severity", severity(u), "measure",
                            ask_json_text(measure), "threshold", (json_int_t)r->threshold, "usual",
                            (json_int_t)u->threshold, "channels", names_of(r), "changed", changed));
    }
    return rows;
}

/* ---- the whole ---- */

/* An address that is fetched may let in whoever knows it. */
static json_t *general(const json_t *file)
{
    static const char *const members[] = {"name",     "language", "url",
                                          "personal", "digest",   "weekly"};
    json_t *out = json_object();
    const json_t *heartbeat = json_object_get(file, "heartbeat");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        json_t *value = json_object_get(file, members[i]);
        if (value)
            (void)json_object_set(out, members[i], value);
    }
    if (heartbeat)
        (void)json_object_set_new(out, "heartbeat",
                                  json_pack("{s:b,s:O*}", "set", 1, "every",
                                            json_object_get(heartbeat, "every")));
    return out;
}

int alerts_settings_show(struct service *s, const struct service_ask *ask, json_t **out,
                         struct koppel_error *err)
{
    struct conf_report report = {0};
    char path[4096], *refused = NULL;
    json_t *file = NULL;
    (void)ask;
    if (alerts_file_json(s, &file, err) != 0)
        return -1;
    struct conf *conf = conf_load_alerts(s->dir, NULL, &report);
    /* with mistakes the values are those that are active */
    const struct conf_alert *alert = conf ? conf->alert : s->conf->alert;
    snprintf(path, sizeof path, "%s/" ALERTS_FILE, s->dir);
    int rc = save_may(s, path, &refused, err);
    if (rc == 0)
        *out = json_pack("{s:b,s:o,s:o,s:o,s:o}", "writable", !refused, "why",
                         ask_json_text(refused), "settings", general(file), "channels",
                         channel_rows(file), "rules", rule_rows(alert));
    free(refused);
    conf_free(conf);
    conf_report_done(&report);
    json_decref(file);
    return rc != 0 || *out ? rc : no_memory(err);
}
