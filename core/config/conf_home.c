/* SPDX-License-Identifier: MIT
 * The home setting: country, currency, zone and language of the shop. */
#include "config/conf_home.h"

#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/fold.h"
#include "base/nearest.h"
#include "base/words.h"
#include "base/zone.h"
#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_source.h"

static const char *const languages[] = {"nl", "de", "en"};

/* The language of the country, as far as Koppel has words in it. */
static const char *language_of(const char *country)
{
    static const char *const speaks[][2] = {{"NL", "nl"}, {"BE", "nl"}, {"SR", "nl"}, {"AW", "nl"},
                                            {"CW", "nl"}, {"SX", "nl"}, {"BQ", "nl"}, {"DE", "de"},
                                            {"AT", "de"}, {"CH", "de"}, {"LI", "de"}, {"LU", "de"}};
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
    if (code)
        out->country = code;
    else
        conf_mistake_near(l, conf_member_get(group, "country"), country_nearest(text),
                          "\"%s\" is no country; give its two letters, such as \"NL\"", text);
}

/* The currency that was meant: in small letters, with its sign, or misspelt. */
static const char *currency_near(struct conf_loader *l, const char *text)
{
    static const char *const common[] = {"EUR", "USD", "GBP", "CHF", "DKK", "SEK", "NOK", "PLN",
                                         "CZK", "HUF", "RON", "BGN", "SRD", "AWG", "ANG", "XCG"};
    char *upper = conf_held_must(fold_upper(text, strlen(text)));
    conf_held_keep(l->held, upper, free);
    if (country_currency_places(upper) >= 0)
        return upper;
    if (strcmp(text, "\u20ac") == 0 || strcmp(upper, "EURO") == 0)
        return "EUR";
    return nearest_name(upper, common, COUNT(common));
}

static void currency_load(struct conf_loader *l, config_setting_t *group, struct conf_home *out)
{
    const char *text = conf_member_text(l, group, "currency", "EUR");
    if (country_currency_places(text) < 0)
        conf_mistake_near(l, conf_member_get(group, "currency"), currency_near(l, text),
                          "\"%s\" is no currency; give its three letters, such as \"EUR\"", text);
    else
        out->currency = conf_held_copy(l->held, text);
}

/* The nearest of the system's zones, which stand as `Z NAME ...` and `L ZONE NAME` in its list. */
static const char *zone_near(struct conf_loader *l, const char *text)
{
    const char *why = NULL, *near = NULL, **names = NULL;
    size_t bytes = 0;
    int count = 0;
    char *list = conf_source_disk("/usr/share/zoneinfo/tzdata.zi", &bytes, &why), *save = NULL;
    for (char *line = list ? strtok_r(list, "\n", &save) : NULL; line;
         line = strtok_r(NULL, "\n", &save)) {
        char *name = strchr(line, ' ');
        if ((*line == 'L' || *line == 'Z') && name)
            name = *line == 'L' ? strchr(name + 1, ' ') : name;
        if ((*line != 'L' && *line != 'Z') || !name)
            continue;
        name++;
        name[strcspn(name, " ")] = '\0';
        names = conf_held_must(realloc(names, sizeof *names * (size_t)(count + 1)));
        names[count++] = name;
    }
    if (count)
        near = nearest_name(text, names, count);
    near = near ? conf_held_copy(l->held, near) : NULL;
    free(names);
    free(list);
    return near;
}

/* A day is one of a zone: which one is said, or follows from the default country. */
static void zone_load(struct conf_loader *l, config_setting_t *group, struct conf_home *out)
{
    const char *text = conf_member_text(l, group, "zone", NULL);
    if (!text && conf_member_get(group, "zone"))
        return;
    if (!text && strcmp(out->country, "NL") != 0)
        conf_mistake(l, group,
                     "\"zone\" is missing: dates are days of a zone, such as \"Europe/Brussels\"");
    else if (text && !zone_find(text))
        conf_mistake_near(l, conf_member_get(group, "zone"), zone_near(l, text),
                          "there is no zone \"%s\" in /usr/share/zoneinfo (of the package tzdata)",
                          text);
    else if (text)
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
