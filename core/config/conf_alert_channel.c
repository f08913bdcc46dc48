/* SPDX-License-Identifier: MIT
 * The channels of alerts. */
#include "config/conf_alert_channel.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/fold.h"
#include "base/mask.h"
#include "base/nearest.h"
#include "base/zone.h"
#include "config/conf_authority.h"
#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_secret.h"
#include "http/http_host.h"

#define EVERY_DAY 0x7fu

static const char *const types[] = {"mail", "webhook", "ntfy"};
static const char *const days[] = {"sunday",   "monday", "tuesday", "wednesday",
                                   "thursday", "friday", "saturday"};

const char *conf_alert_channel_type(enum conf_alert_type type)
{
    return types[type];
}

int conf_alert_channel_day(const char *name)
{
    for (int i = 0; i < COUNT(days); i++) {
        if (strcmp(days[i], name) == 0)
            return i;
    }
    return -1;
}

int conf_alert_channel_minute(struct conf_loader *l, config_setting_t *group, const char *name,
                              int absent)
{
    const char *text = conf_member_text(l, group, name, NULL);
    int hour = 0, minute = 0, n = 0;
    if (!text)
        return absent;
    if (strlen(text) == 5 && sscanf(text, "%2d:%2d%n", &hour, &minute, &n) == 2 && n == 5 &&
        hour >= 0 && hour < 24 && minute >= 0 && minute < 60)
        return hour * 60 + minute;
    conf_mistake(l, conf_member_get(group, name), "\"%s\" must be a time of day such as \"08:00\"",
                 name);
    return absent;
}

/* ---- secrets and addresses ---- */

struct secret *conf_alert_channel_secret(struct conf_loader *l, config_setting_t *group,
                                         const char *name)
{
    const config_setting_t *s = conf_member_get(group, name);
    struct secret *out = NULL;
    const char *text = conf_member_text(l, group, name, NULL);
    if (!text)
        return NULL;
    if (!secret_is_reference(text))
        conf_mistake(l, s, "secret \"%s\" must be \"env:NAME\", \"file:PATH\", "
                     "\"credential:NAME\" or \"sealed:NAME\"", name);
    else
        out = conf_secret_take(l, s, text);
    if (!out)
        return NULL;
    conf_held_keep(l->held, out, conf_held_secret_done);
    mask_add(secret_text(out));
    return out;
}

const char *conf_alert_channel_url(struct conf_loader *l, config_setting_t *group, const char *name)
{
    const char *text = conf_member_text(l, group, name, NULL);
    bool hidden = text && secret_is_reference(text);
    if (hidden) {
        struct secret *secret = conf_alert_channel_secret(l, group, name);
        text = secret ? secret_text(secret) : NULL;
    }
    const char *fault = text ? http_host_fault(text) : NULL;
    if (text && !fault && strncasecmp(text, "http://", 7) == 0 && !http_host_is_loopback(text + 7))
        fault = "must begin with https://, as http:// would show what is sent to anybody";
    if (fault)
        conf_mistake(l, conf_member_get(group, name), "\"%s\": it %s", name, fault);
    return !text || fault ? NULL : hidden ? text : conf_held_copy(l->held, text);
}

static const char *mail_url(struct conf_loader *l, config_setting_t *group)
{
    const char *text = conf_member_text(l, group, "url", NULL);
    const char *host = text ? strstr(text, "://") : NULL;
    if (!text)
        return NULL;
    bool fits = host && (strncmp(text, "smtp://", 7) == 0 || strncmp(text, "smtps://", 8) == 0);
    if (!fits || !host[3] || strpbrk(host + 3, "/@?# \t\r\n"))
        conf_mistake(l, conf_member_get(group, "url"),
                     "\"url\" of a mail channel must be smtps://HOST, or smtp://HOST for STARTTLS, "
                     "with a port where it is another; the log-in is set by \"user\"");
    return conf_held_copy(l->held, text);
}

static const char *need(struct conf_loader *l, config_setting_t *group, const char *name,
                        const char *type, const char *value)
{
    if (!value && !conf_member_get(group, name))
        conf_mistake(l, group, "\"%s\" is missing, which a %s channel needs", name, type);
    return value;
}

static const char *text_of(struct conf_loader *l, config_setting_t *group, const char *name)
{
    const char *text = conf_member_text(l, group, name, NULL);
    if (text && fold_is_blank(text))
        conf_mistake(l, conf_member_get(group, name), "\"%s\" is empty", name);
    return text ? conf_held_copy(l->held, text) : NULL;
}

/* ---- mail ---- */

/* What goes into an envelope: no name, no bracket, no list. */
static void address_check(struct conf_loader *l, config_setting_t *s, const char *address)
{
    const char *at = strrchr(address, '@');
    if (!at || at == address || !at[1] || strpbrk(address, " \t\r\n<>,;\"()") ||
        strchr(address, '@') != at)
        conf_mistake(l, s, "\"%s\" is no e-mail address such as office@example.org", address);
}

static void mail_load(struct conf_loader *l, config_setting_t *s, struct conf_alert_channel *out)
{
    config_setting_t *to = conf_member_get(s, "to");
    out->url = need(l, s, "url", "mail", mail_url(l, s));
    out->from = need(l, s, "from", "mail", text_of(l, s, "from"));
    if (out->from)
        address_check(l, conf_member_get(s, "from"), out->from);
    out->to = to ? conf_member_texts(l, to, &out->to_count) : NULL;
    if (out->to_count == 0)
        conf_mistake(l, to ? to : s, "\"to\" must name an address, or a list of them");
    for (int i = 0; i < out->to_count; i++)
        address_check(l, to, out->to[i]);
    out->user = text_of(l, s, "user");
    out->password = conf_alert_channel_secret(l, s, "password");
    if (!out->user != !conf_member_get(s, "password"))
        conf_mistake(l, s, "\"user\" and \"password\" go together");
}

/* ---- quiet hours ---- */

static unsigned days_load(struct conf_loader *l, config_setting_t *group)
{
    config_setting_t *s = conf_member_get(group, "days");
    unsigned set = 0;
    int count = 0;
    const char **names = s ? conf_member_texts(l, s, &count) : NULL;
    for (int i = 0; i < count; i++) {
        int day = conf_alert_channel_day(names[i]);
        if (day < 0)
            conf_mistake_near(l, s, nearest_name(names[i], days, COUNT(days)),
                              "\"%s\" is no day of the week", names[i]);
        else
            set |= 1u << day;
    }
    return s ? set : EVERY_DAY;
}

static void quiet_load(struct conf_loader *l, config_setting_t *group, const char *zone,
                       struct conf_alert_quiet *out)
{
    static const char *const keys[] = {"from", "until", "days", "zone", "critical"};
    if (!group)
        return;
    conf_member_check_names(l, group, keys, COUNT(keys));
    out->set = true;
    out->from = conf_alert_channel_minute(l, group, "from", 22 * 60);
    out->until = conf_alert_channel_minute(l, group, "until", 7 * 60);
    out->days = days_load(l, group);
    out->critical = conf_member_bool(l, group, "critical", false);
    const char *own = conf_member_text(l, group, "zone", NULL);
    out->zone = own ? conf_held_copy(l->held, own) : zone;
    if (own && !zone_find(own))
        conf_mistake(l, conf_member_get(group, "zone"),
                     "there is no zone \"%s\" in /usr/share/zoneinfo (of the package tzdata)", own);
    if (out->from == out->until)
        conf_mistake(l, group, "\"from\" and \"until\" are the same: it would never be quiet");
}

/* ---- a channel ---- */

static void names_check(struct conf_loader *l, config_setting_t *s, enum conf_alert_type type)
{
    static const char *const mail[] = {"name", "type", "url", "quiet", "tls_ca",
                                       "from", "to",   "user", "password"};
    static const char *const hook[] = {"name", "type", "url", "quiet", "tls_ca", "secret"};
    static const char *const ntfy[] = {"name", "type", "url", "quiet", "tls_ca", "topic", "token"};
    if (type == CONF_ALERT_MAIL)
        conf_member_check_names(l, s, mail, COUNT(mail));
    else if (type == CONF_ALERT_WEBHOOK)
        conf_member_check_names(l, s, hook, COUNT(hook));
    else
        conf_member_check_names(l, s, ntfy, COUNT(ntfy));
}

static void topic_load(struct conf_loader *l, config_setting_t *s, struct conf_alert_channel *out)
{
    const char *text = need(l, s, "topic", "ntfy", text_of(l, s, "topic"));
    if (text && secret_is_reference(text)) {
        struct secret *secret = conf_alert_channel_secret(l, s, "topic");
        text = secret ? secret_text(secret) : NULL;
    }
    out->topic = text;
}

/* Where it sends to, and what lets it in there. */
static void place_load(struct conf_loader *l, config_setting_t *s, struct conf_alert_channel *out)
{
    if (out->type == CONF_ALERT_MAIL) {
        mail_load(l, s, out);
        return;
    }
    out->url = need(l, s, "url", types[out->type], conf_alert_channel_url(l, s, "url"));
    if (out->type == CONF_ALERT_NTFY) {
        topic_load(l, s, out);
        out->token = conf_alert_channel_secret(l, s, "token");
        return;
    }
    out->secret = conf_alert_channel_secret(l, s, "secret");
    if (!conf_member_get(s, "secret"))
        conf_mistake(l, s, "\"secret\" is missing, which a webhook is signed with");
}

void conf_alert_channel_load(struct conf_loader *l, config_setting_t *s, const char *zone,
                             struct conf_alert_channel *out)
{
    out->at = conf_mistake_at(l, s);
    out->name = "";
    l->lacking = NULL;
    if (!config_setting_is_group(s)) {
        conf_mistake(l, s, "a channel must be a group, as in { name = \"office\"; type = \"mail\"; "
                     "... }");
        return;
    }
    int type = conf_member_choice(l, s, "type", types, COUNT(types), -1);
    if (type < 0 && !conf_member_get(s, "type"))
        conf_mistake(l, s, "\"type\" is missing: \"mail\", \"webhook\" or \"ntfy\"");
    if (type < 0)
        return;
    out->type = (enum conf_alert_type)type;
    names_check(l, s, out->type);
    const char *name = need(l, s, "name", types[type], text_of(l, s, "name"));
    out->name = name ? name : "";
    if (strpbrk(out->name, "/ \t") || strlen(out->name) > 40)
        conf_mistake(l, conf_member_get(s, "name"), "\"name\" must be one word of at most 40 "
                     "bytes without \"/\"");
    out->tls_ca = conf_authority_load(l, s);
    quiet_load(l, conf_member_group(l, s, "quiet"), zone, &out->quiet);
    place_load(l, s, out);
    if (l->lacking)
        out->lacks = conf_held_text(l->held, "channel %s lacks a secret here: %s", out->name,
                                    l->lacking);
}
