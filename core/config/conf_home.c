/* SPDX-License-Identifier: MIT
 * The home setting: country, currency, zone and language of the shop. */
#include "config/conf_home.h"

#include <string.h>

#include "base/country.h"
#include "base/words.h"
#include "base/zone.h"
#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"

static const char *const languages[] = {"nl", "de", "en"};

/* The language of the country, as far as Koppel has words in it. */
static const char *language_of(const char *country)
{
    static const char *const speaks[][2] = {
        {"NL", "nl"}, {"BE", "nl"}, {"SR", "nl"}, {"AW", "nl"}, {"CW", "nl"}, {"SX", "nl"},
        {"BQ", "nl"}, {"DE", "de"}, {"AT", "de"}, {"CH", "de"}, {"LI", "de"}, {"LU", "de"}};
    for (int i = 0; i < COUNT(speaks); i++) {
        if (strcmp(speaks[i][0], country) == 0)
            return speaks[i][1];
    }
    return "en";
}

static void country_load(struct conf_loader *l, config_setting_t *group, struct conf_home *out)
{
    const char *text = conf_member_text(l, group, "country", "NL");
    const char *code = country_find(text);
    if (code) {
        out->country = code;
        return;
    }
    const char *near = country_nearest(text);
    conf_mistake(l, conf_member_get(group, "country"),
                        "\"%s\" is no country; give its two letters, such as \"NL\"%s", text,
                        near ? conf_held_text(l->held, " (did you mean %s?)", near) : "");
}

static void currency_load(struct conf_loader *l, config_setting_t *group, struct conf_home *out)
{
    const char *text = conf_member_text(l, group, "currency", "EUR");
    if (country_currency_places(text) < 0)
        conf_mistake(l, conf_member_get(group, "currency"),
                            "\"%s\" is no currency; give its three letters, such as \"EUR\"",
                            text);
    else
        out->currency = conf_held_copy(l->held, text);
}

/* A day is one of a zone: which one is said, or follows from the default country. */
static void zone_load(struct conf_loader *l, config_setting_t *group, struct conf_home *out)
{
    const char *text = conf_member_text(l, group, "zone", NULL);
    if (!text && conf_member_get(group, "zone"))
        return;
    if (!text && strcmp(out->country, "NL") != 0) {
        conf_mistake(l, group,
                            "\"zone\" is missing: dates are days of a zone, such as "
                            "\"Europe/Brussels\"");
        return;
    }
    if (!text)
        return;
    if (!zone_find(text))
        conf_mistake(l, conf_member_get(group, "zone"),
                            "there is no zone \"%s\" in /usr/share/zoneinfo (of the package "
                            "tzdata)",
                            text);
    else
        out->zone = conf_held_copy(l->held, text);
}

void conf_home_load(struct conf_loader *l, config_setting_t *group, struct conf_home *out)
{
    static const char *const keys[] = {"country", "currency", "zone", "language"};
    *out = (struct conf_home){"NL", "EUR", "Europe/Amsterdam", "nl"};
    if (!group)
        return;
    conf_member_check_names(l, group, keys, COUNT(keys));
    country_load(l, group, out);
    currency_load(l, group, out);
    zone_load(l, group, out);
    out->language = language_of(out->country);
    int chosen = conf_member_choice(l, group, "language", languages, COUNT(languages), -1);
    if (chosen >= 0)
        out->language = languages[chosen];
}

void conf_home_digest(struct conf_loader *l, const struct conf_home *home)
{
    const char *const parts[] = {home->country, home->currency, home->zone, home->language};
    for (int i = 0; i < COUNT(parts); i++)
        conf_loader_digest(l, parts[i], strlen(parts[i]) + 1);
}

void conf_home_tell(const struct conf_home *home, json_t *settings)
{
    json_t *words = json_object();
    for (int i = 0; words_name(i); i++)
        json_object_set_new(words, words_name(i),
                            json_string(words_find(home->language, words_name(i))));
    json_object_set_new(settings, "words", words);
    json_object_set_new(settings, "home",
                        json_pack("{s:s,s:s,s:s,s:s}", "country", home->country, "currency",
                                  home->currency, "zone", home->zone, "language", home->language));
}
