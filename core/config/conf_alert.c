/* SPDX-License-Identifier: MIT
 * The file alerts.conf. */
#include "config/conf_alert.h"

#include <string.h>

#include "base/nearest.h"
#include "config/conf_file.h"
#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_source.h"

#define FILE_NAME "alerts.conf"
#define MINUTE_MS 60000
#define DIGEST_MINUTE (8 * 60)
#define MONDAY 1

static struct conf_alert *defaults(struct conf_loader *l)
{
    struct conf_alert *a = conf_held_alloc(l->held, sizeof *a);
    *a = (struct conf_alert){.name = "", .language = l->conf->home.language, .url = "",
                             .zone = l->conf->home.zone, .digest_minute = DIGEST_MINUTE,
                             .weekly_day = MONDAY, .heartbeat_ms = MINUTE_MS};
    conf_alert_rule_defaults(a->rules);
    return a;
}

const struct conf_alert *conf_alert_none(struct conf_loader *l)
{
    return defaults(l);
}

bool conf_alert_tells(const struct conf_alert *a, enum conf_alert_name rule,
                      const struct conf_alert_channel *channel)
{
    const struct conf_alert_rule *r = &a->rules[rule];
    bool tells = !r->channels;
    for (int i = 0; i < r->channel_count && !tells; i++)
        tells = strcmp(r->channels[i], channel->name) == 0;
    return tells;
}

/* ---- the file ---- */

/* The elements of a list; 0: there is none. */
static int length(struct conf_loader *l, config_setting_t *list, const char *name)
{
    if (!list || config_setting_is_list(list))
        return list ? config_setting_length(list) : 0;
    conf_mistake(l, list, "\"%s\" must be a list of groups, as in %s = ( { ... } );", name, name);
    return 0;
}

static void channels_load(struct conf_loader *l, config_setting_t *root, struct conf_alert *a)
{
    config_setting_t *list = conf_member_get(root, "channels");
    int n = length(l, list, "channels");
    a->channels = conf_held_alloc(l->held, sizeof *a->channels * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        struct conf_alert_channel *c = &a->channels[a->channel_count++];
        int before = l->report->errors;
        conf_alert_channel_load(l, config_setting_get_elem(list, (unsigned)i), a->zone, c);
        for (int k = 0; *c->name && k < i; k++) {
            if (strcmp(a->channels[k].name, c->name) == 0)
                conf_mistake(l, config_setting_get_elem(list, (unsigned)i),
                             "there are two channels \"%s\"", c->name);
        }
        c->broken = l->report->errors > before;
    }
}

static bool same_rule(config_setting_t *a, config_setting_t *b)
{
    const char *one = NULL, *other = NULL;
    return config_setting_is_group(a) && config_setting_is_group(b) &&
           config_setting_lookup_string(a, "rule", &one) &&
           config_setting_lookup_string(b, "rule", &other) && strcmp(one, other) == 0;
}

static void rules_load(struct conf_loader *l, config_setting_t *root, struct conf_alert *a)
{
    config_setting_t *list = conf_member_get(root, "rules");
    int n = length(l, list, "rules");
    const char **names = conf_held_alloc(l->held, sizeof *names * (size_t)(a->channel_count + 1));
    for (int i = 0; i < a->channel_count; i++)
        names[i] = a->channels[i].name;
    for (int i = 0; i < n; i++) {
        config_setting_t *s = config_setting_get_elem(list, (unsigned)i);
        conf_alert_rule_load(l, s, names, a->channel_count, a->rules);
        for (int k = 0; k < i; k++) {
            if (same_rule(s, config_setting_get_elem(list, (unsigned)k)))
                conf_mistake(l, s, "the rule stands in the list a second time");
        }
    }
}

/* Where the file has mistakes, whoever is told of them is told by what is sound. */
static void drop_broken(struct conf_alert *a)
{
    int kept = 0;
    for (int i = 0; i < a->channel_count; i++) {
        if (!a->channels[i].broken)
            a->channels[kept++] = a->channels[i];
    }
    a->channel_count = kept;
}

static void heartbeat_load(struct conf_loader *l, config_setting_t *group, struct conf_alert *a)
{
    static const char *const keys[] = {"url", "every"};
    if (!group)
        return;
    conf_member_check_names(l, group, keys, COUNT(keys));
    l->lacking = NULL;
    a->heartbeat = conf_alert_channel_url(l, group, "url");
    if (l->lacking)
        a->lacks = conf_held_text(l->held, "the heartbeat lacks a secret here: %s", l->lacking);
    if (!conf_member_get(group, "url"))
        conf_mistake(l, group, "\"url\" is missing: the address that is fetched");
    a->heartbeat_ms = conf_member_duration(l, group, "every", 1000, a->heartbeat_ms);
}

static void weekly_load(struct conf_loader *l, config_setting_t *root, struct conf_alert *a)
{
    static const char *const words[] = {"sunday",   "monday", "tuesday",  "wednesday",
                                        "thursday", "friday", "saturday", "never"};
    int day = conf_member_choice(l, root, "weekly", words, COUNT(words), a->weekly_day);
    a->weekly_day = day == COUNT(words) - 1 ? CONF_ALERT_NO_DAY : day;
}

static void root_load(struct conf_loader *l, config_setting_t *root, struct conf_alert *a)
{
    static const char *const keys[] = {"name",   "language",  "url",      "personal", "digest",
                                       "weekly", "heartbeat", "channels", "rules"};
    static const char *const languages[] = {"en", "de", "nl"};
    conf_member_check_names(l, root, keys, COUNT(keys));
    a->name = conf_held_copy(l->held, conf_member_text(l, root, "name", ""));
    if (strlen(a->name) > 60 || strpbrk(a->name, "\r\n"))
        conf_mistake(l, conf_member_get(root, "name"), "\"name\" must be at most 60 bytes on one "
                     "line");
    int language = conf_member_choice(l, root, "language", languages, COUNT(languages), -1);
    a->language = language < 0 ? a->language : languages[language];
    a->url = conf_held_copy(l->held, conf_member_text(l, root, "url", ""));
    if (*a->url && strncmp(a->url, "https://", 8) != 0 && strncmp(a->url, "http://", 7) != 0)
        conf_mistake(l, conf_member_get(root, "url"), "\"url\" must begin with https:// or "
                     "http://");
    a->personal = conf_member_bool(l, root, "personal", false);
    a->digest_minute = conf_alert_channel_minute(l, root, "digest", DIGEST_MINUTE);
    weekly_load(l, root, a);
    heartbeat_load(l, conf_member_group(l, root, "heartbeat"), a);
    channels_load(l, root, a);
    rules_load(l, root, a);
    drop_broken(a);
}

const struct conf_alert *conf_alert_load(struct conf_loader *l)
{
    struct conf_file f;
    struct conf_alert *a = defaults(l);
    const char *path = conf_loader_absolute(l, FILE_NAME);
    if (!conf_source_exists(l, path) || conf_file_open(l, &f, path, NULL) != 0)
        return a;
    root_load(l, f.root, a);
    conf_file_close(l, &f);
    return a;
}
