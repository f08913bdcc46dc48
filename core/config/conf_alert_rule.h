/* SPDX-License-Identifier: MIT
 * The rules of alerts: their names, thresholds and defaults. */
#ifndef KOPPEL_CONFIG_CONF_ALERT_RULE_H
#define KOPPEL_CONFIG_CONF_ALERT_RULE_H

#include <libconfig.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/conf_loader.h"

enum conf_alert_name {
    CONF_ALERT_STOPPED,     /* engine.stopped */
    CONF_ALERT_DAMAGED,     /* store.damaged */
    CONF_ALERT_DISK,        /* disk.low */
    CONF_ALERT_LOGIN,       /* connection.login */
    CONF_ALERT_DOWN,        /* connection.down */
    CONF_ALERT_EXPIRING,    /* login.expiring */
    CONF_ALERT_HALTED,      /* flow.halted */
    CONF_ALERT_FAILING,     /* flow.failing */
    CONF_ALERT_SILENT,      /* flow.silent */
    CONF_ALERT_PARKED,      /* records.parked */
    CONF_ALERT_BACKLOG,     /* backlog.age */
    CONF_ALERT_DIFFERENCE,  /* reconcile.difference */
    CONF_ALERT_REJECTED,    /* config.rejected */
    CONF_ALERT_CHANNEL,     /* channel.failing */
    CONF_ALERT_CERTIFICATE, /* certificate.expiring */
    CONF_ALERT_GUESSING,    /* login.guessing */
    CONF_ALERT_RULES
};

struct conf_alert_rule {
    bool on;
    bool critical;       /* its severity; else a warning */
    /* ms, a count, or percent: what the rule has. 0 of a duration: by the interval of the flow. */
    int64_t threshold;
    const char **channels; /* names; NULL: all of them */
    int channel_count;
};

const char *conf_alert_rule_name(enum conf_alert_name rule); /* "records.parked" */
/* What its threshold is called and measures: "after" and "before" ms, "count", "percent"; NULL: it
 * has none. */
const char *conf_alert_rule_measure(enum conf_alert_name rule);
/* -1: there is none of that name. */
int conf_alert_rule_find(const char *name);
/* Fills all of them with their defaults. */
void conf_alert_rule_defaults(struct conf_alert_rule rules[CONF_ALERT_RULES]);
/* An element of the list `rules`. channels: the names that there are. */
void conf_alert_rule_load(struct conf_loader *l, config_setting_t *s, const char *const *channels,
                          int channel_count, struct conf_alert_rule rules[CONF_ALERT_RULES]);

#endif
