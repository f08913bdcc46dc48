/* SPDX-License-Identifier: MIT
 * The rules of alerts. */
#include "config/conf_alert_rule.h"

#include <string.h>

#include "base/nearest.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (24 * 60 * MINUTE_MS)
#define COUNT_MAX 1000000

/* What a rule is measured by: the name of its member. */
#define AFTER "after"
#define BEFORE "before"
#define AT_LEAST "count"
#define BELOW "percent"

static const struct {
    const char *name;
    bool critical;
    const char *threshold; /* NULL: it has none */
    int64_t value;
} table[CONF_ALERT_RULES] = {
    [CONF_ALERT_STOPPED] = {"engine.stopped", true, NULL, 0},
    [CONF_ALERT_DAMAGED] = {"store.damaged", true, NULL, 0},
    [CONF_ALERT_DISK] = {"disk.low", false, BELOW, 10},
    [CONF_ALERT_LOGIN] = {"connection.login", true, NULL, 0},
    [CONF_ALERT_DOWN] = {"connection.down", false, AFTER, 5 * MINUTE_MS},
    [CONF_ALERT_EXPIRING] = {"login.expiring", false, BEFORE, 7 * DAY_MS},
    [CONF_ALERT_HALTED] = {"flow.halted", true, NULL, 0},
    [CONF_ALERT_FAILING] = {"flow.failing", true, AT_LEAST, 3},
    [CONF_ALERT_SILENT] = {"flow.silent", true, AFTER, 0},
    [CONF_ALERT_PARKED] = {"records.parked", false, AT_LEAST, 1},
    [CONF_ALERT_BACKLOG] = {"backlog.age", false, AFTER, 0},
    [CONF_ALERT_DIFFERENCE] = {"reconcile.difference", false, AT_LEAST, 1},
    [CONF_ALERT_REJECTED] = {"config.rejected", false, AFTER, 15 * MINUTE_MS},
    [CONF_ALERT_CHANNEL] = {"channel.failing", false, AT_LEAST, 3},
    [CONF_ALERT_CERTIFICATE] = {"certificate.expiring", false, BEFORE, 14 * DAY_MS},
    [CONF_ALERT_GUESSING] = {"login.guessing", false, AT_LEAST, 20},
};

const char *conf_alert_rule_name(enum conf_alert_name rule)
{
    return table[rule].name;
}

const char *conf_alert_rule_measure(enum conf_alert_name rule)
{
    return table[rule].threshold;
}

int conf_alert_rule_find(const char *name)
{
    for (int i = 0; i < CONF_ALERT_RULES; i++) {
        if (strcmp(table[i].name, name) == 0)
            return i;
    }
    return -1;
}

void conf_alert_rule_defaults(struct conf_alert_rule rules[CONF_ALERT_RULES])
{
    for (int i = 0; i < CONF_ALERT_RULES; i++)
        rules[i] = (struct conf_alert_rule){.on = true, .critical = table[i].critical,
                                            .threshold = table[i].value};
}

static void threshold_load(struct conf_loader *l, config_setting_t *s, int rule, int64_t *out)
{
    const char *own = table[rule].threshold;
    if (!own)
        return;
    if (strcmp(own, AFTER) == 0 || strcmp(own, BEFORE) == 0)
        *out = conf_member_duration(l, s, own, 1000, *out);
    else
        *out = conf_member_number(l, s, own, 1, strcmp(own, BELOW) == 0 ? 99 : COUNT_MAX, *out);
}

static void channels_load(struct conf_loader *l, config_setting_t *s, const char *const *channels,
                          int count, struct conf_alert_rule *out)
{
    config_setting_t *list = conf_member_get(s, "channels");
    if (!list)
        return;
    out->channels = conf_member_texts(l, list, &out->channel_count);
    for (int i = 0; i < out->channel_count; i++) {
        bool known = false;
        for (int k = 0; k < count && !known; k++)
            known = strcmp(channels[k], out->channels[i]) == 0;
        if (!known)
            conf_mistake_near(l, list, nearest_name(out->channels[i], channels, count),
                              "there is no channel \"%s\"", out->channels[i]);
    }
}

/* The index of the rule that the element is about; -1: of none, which is reported. */
static int rule_of(struct conf_loader *l, config_setting_t *s)
{
    const char *names[CONF_ALERT_RULES];
    const char *name = conf_member_text(l, s, "rule", NULL);
    for (int i = 0; i < CONF_ALERT_RULES; i++)
        names[i] = table[i].name;
    int found = name ? conf_alert_rule_find(name) : -1;
    if (!name && !conf_member_get(s, "rule"))
        conf_mistake(l, s, "\"rule\" is missing: which rule is meant, such as \"records.parked\"");
    else if (name && found < 0)
        conf_mistake_near(l, conf_member_get(s, "rule"), nearest_name(name, names, COUNT(names)),
                          "there is no rule \"%s\"", name);
    return found;
}

void conf_alert_rule_load(struct conf_loader *l, config_setting_t *s, const char *const *channels,
                          int channel_count, struct conf_alert_rule rules[CONF_ALERT_RULES])
{
    static const char *const severities[] = {"warning", "critical"};
    if (!config_setting_is_group(s)) {
        conf_mistake(l, s, "a rule must be a group, as in { rule = \"records.parked\"; ... }");
        return;
    }
    int rule = rule_of(l, s);
    if (rule < 0)
        return;
    const char *names[] = {"rule", "on", "severity", "channels", table[rule].threshold};
    conf_member_check_names(l, s, names, table[rule].threshold ? COUNT(names) : COUNT(names) - 1);
    struct conf_alert_rule *out = &rules[rule];
    out->on = conf_member_bool(l, s, "on", out->on);
    out->critical = conf_member_choice(l, s, "severity", severities, COUNT(severities),
                                       out->critical) == 1;
    threshold_load(l, s, rule, &out->threshold);
    channels_load(l, s, channels, channel_count, out);
}
