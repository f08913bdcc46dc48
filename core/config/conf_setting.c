/* SPDX-License-Identifier: MIT
 * Values that a catalogue describes: settings of a connection, options and settings of a flow. */
#include "config/conf_setting.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/expr_parse.h"
#include "base/fold.h"
#include "base/nearest.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_secret.h"
#include "http/http_host.h"

static const char **setting_names(struct conf_loader *l, const struct cat_setting *c, int count)
{
    const char **names = conf_held_alloc(l->held, sizeof *names * (size_t)(count + 1));
    for (int i = 0; i < count; i++)
        names[i] = c[i].name;
    return names;
}

bool conf_setting_is_ready(const struct cat_setting *c, const char *text)
{
    for (int i = 0; i < c->value_count; i++) {
        if (strcmp(c->values[i], text) == 0)
            return true;
    }
    return false;
}

static const char *expression_check(struct conf_loader *l, const struct cat_setting *c,
                                    const char *text)
{
    struct koppel_error err = {0};
    struct expr *e = expr_parse(text, &err);
    if (e && expr_compares(e))
        err_set(&err, KOPPEL_E_CONFIG, "\"%s\" compares, and gives no number", text);
    expr_free(e);
    if (!err.kind)
        return NULL;
    return conf_held_text(l->held, "must be one of %s, or a calculation: %s",
                          conf_member_joined(l, (const char *const *)c->values, c->value_count),
                          err.text);
}

/* The HTTP client refuses such an address; better told before anything is sent. */
static void address_check(struct conf_loader *l, const struct cat_setting *c,
                          const config_setting_t *s, const char *text)
{
    if (c->type != SETTING_URL || strncmp(text, "http://", 7) != 0 ||
        http_host_is_loopback(text + 7))
        return;
    conf_mistake_note(l, s, true,
                      conf_held_text(l->held,
                                     "\"%s\" is http, and no request goes there: it would show "
                                     "login and records to all on its way; write https://",
                                     c->name));
}

/* One value, or several with commas, of those that the setting knows. */
static const char *choice_check(struct conf_loader *l, const struct cat_setting *c,
                                const char *text, const char **near)
{
    char *all = conf_held_copy(l->held, text), *save = NULL;
    for (char *one = strtok_r(all, c->many ? "," : "", &save); one;
         one = strtok_r(NULL, c->many ? "," : "", &save)) {
        size_t bytes;
        char *value = one + (fold_trim(one, &bytes) - one);
        if (c->many)
            value[bytes] = '\0';
        if (conf_setting_is_ready(c, value))
            continue;
        *near = nearest_name(value, c->values, c->value_count);
        return conf_held_text(
            l->held, "must be %s %s", c->many ? "some of" : "one of",
            conf_member_joined(l, (const char *const *)c->values, c->value_count));
    }
    return *text || c->many ? NULL : "must not be empty";
}

static const char *limits_check(struct conf_loader *l, const struct cat_setting *c, int64_t number)
{
    if (number >= c->min && number <= c->max)
        return NULL;
    const char *unit = c->type == SETTING_DURATION ? " milliseconds" : "";
    if (c->max == INT64_MAX)
        return conf_held_text(l->held, "must be at least %lld%s", (long long)c->min, unit);
    return conf_held_text(l->held, "must be from %lld to %lld%s", (long long)c->min,
                          (long long)c->max, unit);
}

/* Text of any form to what the type wants; a reason on failure, and *near the right word where
 * there is one. */
static const char *value_convert(struct conf_loader *l, const struct cat_setting *c,
                                 const char *text, int64_t *number, const char **near)
{
    char *end = NULL;
    char why[DATE_WHY_BYTES];
    struct decimal decimal;
    struct date date;
    switch (c->type) {
    case SETTING_URL:
        return http_host_fault(text);
    case SETTING_INTEGER:
        errno = 0;
        *number = strtoll(text, &end, 10);
        if (errno || end == text || *end)
            return "must be a whole number";
        return limits_check(l, c, *number);
    case SETTING_BOOLEAN:
        *number = strcmp(text, "true") == 0;
        return *number || strcmp(text, "false") == 0 ? NULL : "must be true or false";
    case SETTING_DURATION:
        if (clock_parse_duration(text, number) != 0)
            return "must be a time such as \"30s\" or \"5m\"";
        return limits_check(l, c, *number);
    case SETTING_DECIMAL:
        return decimal_parse(text, &decimal) == 0 ? NULL : "must be a decimal such as \"0.05\"";
    case SETTING_DATE:
        if (!*text || date_parse(text, &date, why) == 0)
            return NULL;
        return conf_held_text(l->held, "must be a date such as \"2026-06-30\" (%s)", why);
    case SETTING_EXPRESSION:
        *near = nearest_name(text, c->values, c->value_count);
        return conf_setting_is_ready(c, text) ? NULL : expression_check(l, c, text);
    case SETTING_CHOICE:
        return choice_check(l, c, text, near);
    default:
        return NULL;
    }
}

/* Does the form in the file fit the type? Numbers and booleans are bare, all else is quoted. */
static bool form_fits(const struct cat_setting *c, const config_setting_t *s)
{
    if (c->type == SETTING_INTEGER)
        return conf_member_is_integer(s);
    if (c->type == SETTING_BOOLEAN)
        return config_setting_type(s) == CONFIG_TYPE_BOOL;
    return config_setting_type(s) == CONFIG_TYPE_STRING;
}

/* "env:NAME" and the like, written another way: taken as a secret by itself it would be refused far
 * from here. NULL: it is something else. Nothing of it is shown, as it may be a secret. */
static const char *reference_meant(const char *text)
{
    static const char *const forms[] = {"env", "file", "credential", "sealed"};
    char word[sizeof "credential:" + 4];
    size_t n = strcspn(text, ":= ");
    if (n == 0 || n >= sizeof word - 1)
        return NULL;
    snprintf(word, sizeof word, "%.*s", (int)n, text);
    for (size_t i = 0; i < n; i++)
        word[i] = (char)tolower((unsigned char)word[i]);
    if (text[n])
        return nearest_name(word, forms, COUNT(forms));
    for (int i = 0; i < COUNT(forms); i++) {
        if (strcmp(word, forms[i]) == 0)
            return forms[i];
    }
    return NULL;
}

static void secret_take(struct conf_loader *l, const struct cat_setting *c, config_setting_t *s,
                        const char *text, struct conf_setting *out)
{
    const char *meant = secret_is_reference(text) ? NULL : reference_meant(text);
    if (meant) {
        conf_mistake_near(l, s, conf_held_text(l->held, "%s:NAME", meant),
                          "secret \"%s\" looks like \"%s:NAME\", but is not written so", c->name,
                          meant);
        return;
    }
    if (secret_is_reference(text)) {
        out->secret = conf_secret_take(l, s, text);
        return;
    }
    conf_mistake_note(l, s, true,
                      conf_held_text(l->held,
                                     "secret \"%s\" stands in the file itself; better "
                                     "\"env:NAME\", \"file:PATH\", \"credential:NAME\" or "
                                     "\"sealed:NAME\"", c->name));
    out->secret = conf_held_must(secret_new(text, strlen(text)));
}

static void secret_load(struct conf_loader *l, const struct cat_setting *c, config_setting_t *s,
                        struct conf_setting *out)
{
    const char *text = config_setting_get_string(s);
    if (!text)
        conf_mistake(l, s,
                     "secret \"%s\" must be \"env:NAME\", \"file:PATH\", \"credential:NAME\" or "
                     "\"sealed:NAME\"", c->name);
    else if (fold_is_blank(text))
        conf_mistake(l, s, "secret \"%s\" is empty", c->name);
    else
        secret_take(l, c, s, text, out);
    if (out->secret) {
        conf_held_keep(l->held, out->secret, conf_held_secret_done);
        mask_add(secret_text(out->secret));
    }
}

/* A setting with another value than its default may need a second one beside it. */
static void companion_check(struct conf_loader *l, config_setting_t *group,
                            const struct cat_setting *c)
{
    config_setting_t *s = conf_member_get(group, c->name), *other;
    const char *text = s ? conf_member_scalar(l, s) : NULL;
    if (!c->requires || !text || !*text || (c->fallback && strcmp(text, c->fallback) == 0))
        return;
    other = conf_member_get(group, c->requires);
    text = other ? conf_member_scalar(l, other) : "";
    if (text && !*text)
        conf_mistake(l, s, "\"%s\" needs \"%s\" to be set too%s", c->name, c->requires,
                     c->fallback && *c->fallback
                         ? conf_held_text(l->held, ", unless it is \"%s\"", c->fallback)
                         : "");
}

/* A value that is no secret. s NULL: the default's. */
static void value_load(struct conf_loader *l, const struct cat_setting *c, config_setting_t *s,
                       const config_setting_t *absent, struct conf_setting *out)
{
    const char *text = s ? conf_member_scalar(l, s) : c->fallback, *why = NULL, *near = NULL;
    if (s && !form_fits(c, s))
        why = c->type == SETTING_INTEGER   ? "must be a whole number without quotes"
              : c->type == SETTING_BOOLEAN ? "must be true or false without quotes"
                                           : "must be text in quotes";
    else if (c->required && fold_is_blank(text))
        why = "must not be empty";
    else
        why = value_convert(l, c, text, &out->number, &near);
    /* An address may hold a password. */
    bool shown = text && *text && c->type != SETTING_URL;
    if (why)
        conf_mistake_near(l, s ? s : absent, near, "\"%s\" %s%s%s%s", c->name, why,
                          shown ? ", not \"" : "", shown ? text : "", shown ? "\"" : "");
    else if (s)
        address_check(l, c, s, text);
    out->text = text ? text : "";
}

int conf_setting_load(struct conf_loader *l, config_setting_t *group,
                      const config_setting_t *absent, const struct cat_setting *list, int count,
                      struct conf_setting *out)
{
    int n = 0;
    if (group)
        conf_member_check_names(l, group, setting_names(l, list, count), count);
    for (int i = 0; i < count; i++) {
        const struct cat_setting *c = &list[i];
        config_setting_t *s = conf_member_get(group, c->name);
        struct conf_setting v = {.name = c->name};
        if (s)
            v.at = conf_mistake_at(l, s);
        if (!s && !c->fallback) {
            if (c->required)
                conf_mistake(l, group ? group : absent, "setting \"%s\" is missing: %s", c->name,
                             c->help[0] ? c->help : c->title);
            continue;
        }
        if (s && c->secret)
            secret_load(l, c, s, &v);
        else
            value_load(l, c, s, absent, &v);
        out[n++] = v;
        companion_check(l, group, c);
    }
    return n;
}
