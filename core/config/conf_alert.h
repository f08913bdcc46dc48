/* SPDX-License-Identifier: MIT
 * The file alerts.conf: who is told when something needs a person, and of what. */
#ifndef KOPPEL_CONFIG_CONF_ALERT_H
#define KOPPEL_CONFIG_CONF_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "config/conf_alert_channel.h"
#include "config/conf_alert_rule.h"
#include "config/conf_loader.h"

#define CONF_ALERT_NO_DAY (-1)

/* Its settings; without the file the defaults, and no channel. */
struct conf_alert {
    const char *name;       /* of this installation, in front of every text; "": the machine's */
    const char *language;   /* of the texts: "en", "de" or "nl"; default that of the home */
    const char *url;        /* of the pages, for links; "": there are none */
    bool personal;          /* names of people may stand in what is sent */
    const char *zone;       /* of the two below: that of the home */
    int digest_minute;      /* of the day, when what is open is told once more */
    int weekly_day;         /* 0: Sunday ... 6; CONF_ALERT_NO_DAY: never */
    const char *heartbeat;  /* address that is fetched while all of this works; NULL: none */
    int64_t heartbeat_ms;   /* how often */
    const char *lacks;      /* the secret that its address is is missing here: words; NULL: no */
    struct conf_alert_rule rules[CONF_ALERT_RULES];
    struct conf_alert_channel *channels;
    int channel_count;
};

/* Reads the file, where there is one. Never NULL; what is wrong is reported and left out. After the
 * home. */
const struct conf_alert *conf_alert_load(struct conf_loader *l);
/* As if there were no such file. */
const struct conf_alert *conf_alert_none(struct conf_loader *l);
/* Does the rule tell this channel? */
bool conf_alert_tells(const struct conf_alert *a, enum conf_alert_name rule,
                      const struct conf_alert_channel *channel);

#endif
