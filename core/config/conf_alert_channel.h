/* SPDX-License-Identifier: MIT
 * The channels of alerts: where what is told goes. */
#ifndef KOPPEL_CONFIG_CONF_ALERT_CHANNEL_H
#define KOPPEL_CONFIG_CONF_ALERT_CHANNEL_H

#include <libconfig.h>
#include <stdbool.h>

#include "base/secret.h"
#include "config/conf_loader.h"

enum conf_alert_type { CONF_ALERT_MAIL, CONF_ALERT_WEBHOOK, CONF_ALERT_NTFY };

/* When warnings wait for the digest. */
struct conf_alert_quiet {
    bool set;
    int from, until;  /* minutes of the day; over midnight where until is the smaller one */
    unsigned days;    /* bit 0: Sunday ... 6; those on which it begins */
    const char *zone;
    bool critical;    /* critical ones wait too */
};

struct conf_alert_channel {
    const char *name;
    struct conf_at at;
    bool broken;              /* it has a mistake */
    /* Published, and this host does not have a secret of it: which, in words; a host that has it
     * sends. NULL: it has all */
    const char *lacks;
    enum conf_alert_type type;
    const char *url;          /* smtp(s)://, https://, or http:// of this machine itself */
    const char *from;         /* mail: an address */
    const char **to;          /* mail: addresses */
    int to_count;
    const char *user;         /* mail; NULL: no log-in */
    struct secret *password;  /* mail; NULL: none */
    struct secret *secret;    /* webhook: what signs; "whsec_" and base64, or any text */
    struct secret *token;     /* ntfy; NULL: none */
    const char *topic;        /* ntfy */
    const char *tls_ca;       /* extra certificate authorities (PEM); NULL: the system's */
    struct conf_alert_quiet quiet;
};

const char *conf_alert_channel_type(enum conf_alert_type type); /* "mail" */
/* An element of the list `channels`. zone: of the home. */
void conf_alert_channel_load(struct conf_loader *l, config_setting_t *s, const char *zone,
                             struct conf_alert_channel *out);
/* A secret's reference, resolved. NULL: there is none, what is wrong was reported, or this host
 * lacks it (l->lacking). */
struct secret *conf_alert_channel_secret(struct conf_loader *l, config_setting_t *group,
                                         const char *name);
/* An address that may be a secret's reference; one of a service that is spoken to by HTTP. NULL as
 * above. */
const char *conf_alert_channel_url(struct conf_loader *l, config_setting_t *group,
                                   const char *name);
/* "08:00": minutes of the day; absent where it is not set. */
int conf_alert_channel_minute(struct conf_loader *l, config_setting_t *group, const char *name,
                              int absent);
/* 0 of "sunday" ... 6; -1: it is none. */
int conf_alert_channel_day(const char *name);

#endif
