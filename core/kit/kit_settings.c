/* SPDX-License-Identifier: MIT
 * Made-up settings. Secrets are words that stand nowhere else, so that they are found where they
 * should not be. */
#include "kit/kit_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "catalogue/catalogue.h"
#include "config/conf_kit.h"

#define SECRET_BYTES 96

static const struct conf_home home = {.country = "NL", .currency = "EUR",
                                      .zone = "Europe/Amsterdam", .language = "en"};

static int64_t within(int64_t value, const struct cat_setting *s)
{
    return value < s->min ? s->min : value > s->max ? s->max : value;
}

/* Of a setting without a default. */
static const char *sample(const struct cat_setting *s)
{
    switch (s->type) {
    case SETTING_URL:
        return KIT_SETTINGS_ADDRESS;
    case SETTING_BOOLEAN:
        return "true";
    case SETTING_DECIMAL:
        return "1.00";
    case SETTING_DATE:
        return "2026-01-01";
    case SETTING_CHOICE:
    case SETTING_EXPRESSION:
        return s->value_count > 0 ? s->values[0] : "1";
    default:
        return "kit";
    }
}

static const char *noted(const struct conf_kit *notes, const char *name)
{
    for (int i = 0; i < notes->setting_count; i++) {
        if (strcmp(notes->settings[i].name, name) == 0)
            return notes->settings[i].text;
    }
    return NULL;
}

static int fill(const struct cat_setting *s, const char *given, struct conf_setting *out)
{
    const char *text = given ? given : s->fallback ? s->fallback : sample(s);
    char number[32], secret[SECRET_BYTES];
    out->name = s->name;
    if (s->secret) {
        int n = snprintf(secret, sizeof secret, "kit-secret-of-%.40s-7Qx9", s->name);
        out->secret = secret_new(secret, (size_t)n);
        return out->secret ? 0 : -1;
    }
    if (s->type == SETTING_INTEGER || s->type == SETTING_DURATION) {
        int64_t ms = 0;
        bool any = given || s->fallback;
        if (any && s->type == SETTING_DURATION && clock_parse_duration(text, &ms) == 0)
            out->number = ms;
        else if (any)
            out->number = strtoll(text, NULL, 10);
        else
            out->number = within(1, s);
        snprintf(number, sizeof number, "%lld%s", (long long)out->number,
                 s->type == SETTING_DURATION ? "ms" : "");
        text = any ? text : number;
    }
    if (s->type == SETTING_BOOLEAN)
        out->number = strcmp(text, "true") == 0;
    out->text = strdup(text);
    return out->text ? 0 : -1;
}

void kit_settings_free(struct conf_connection *c)
{
    if (!c)
        return;
    for (int i = 0; i < c->setting_count; i++) {
        secret_free(c->settings[i].secret);
        free((char *)c->settings[i].text);
    }
    free(c->settings);
    free(c);
}

struct conf_connection *kit_settings_make(const struct plugin *plugin,
                                           const struct catalogue *cat,
                                           const struct conf_kit *notes, bool least)
{
    struct conf_connection *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    *c = (struct conf_connection){.name = "kit", .home = &home, .plugin = plugin, .catalogue = cat,
                                  .concurrency = 1, .connect_timeout_ms = 2000,
                                  .timeout_ms = 5000, .quiet_ms = 100, .lag_ms = -1,
                                  .limit_bytes = 64 * 1024 * 1024, .version = "kit",
                                  .tls_min = 12};
    c->settings = calloc((size_t)cat->setting_count + 1, sizeof *c->settings);
    for (int i = 0; c->settings && i < cat->setting_count; i++) {
        const struct cat_setting *s = &cat->settings[i];
        const char *given = noted(notes, s->name);
        if (least && !s->required && !s->fallback)
            continue;
        if (fill(s, given, &c->settings[c->setting_count++]) < 0) {
            kit_settings_free(c);
            return NULL;
        }
    }
    if (c->settings)
        return c;
    free(c);
    return NULL;
}
