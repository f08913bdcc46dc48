/* SPDX-License-Identifier: MIT
 * Countries and currencies, looked up in tables that are made when Koppel is built. */
#include "base/country.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/nearest.h"

enum language { ENGLISH, DUTCH, GERMAN, LANGUAGES };

struct country {
    const char *code, *three, *number; /* "" where it has none */
    const char *names[LANGUAGES];
};

struct country_name {
    const char *folded; /* as fold_name makes it; codes among them */
    const char *code;
};

struct currency {
    const char *code, *number;
    int places;
    const char *names[LANGUAGES];
};

#include "base/country_table.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static int compare_name(const void *key, const void *row)
{
    return strcmp(key, ((const struct country_name *)row)->folded);
}

static int compare_country(const void *key, const void *row)
{
    return strcmp(key, ((const struct country *)row)->code);
}

static int compare_currency(const void *key, const void *row)
{
    return strcmp(key, ((const struct currency *)row)->code);
}

static const char *code_of(const char *folded)
{
    const struct country_name *row =
        bsearch(folded, names, COUNT(names), sizeof names[0], compare_name);
    return row ? row->code : NULL;
}

const char *country_find(const char *text)
{
    char *folded = text ? fold_name(text) : NULL;
    const char *code = folded && *folded ? code_of(folded) : NULL;
    free(folded);
    return code;
}

static const struct country *row_of(const char *code)
{
    return bsearch(code, countries, COUNT(countries), sizeof countries[0], compare_country);
}

/* The name of the country in the language in which it was nearly written. */
static const char *shown_as(const char *folded)
{
    const struct country *row = row_of(code_of(folded));
    for (int i = 0; row && i < LANGUAGES; i++) {
        char *name = fold_name(row->names[i]);
        bool same = name && strcmp(name, folded) == 0;
        free(name);
        if (same)
            return row->names[i];
    }
    return row ? row->names[ENGLISH] : NULL;
}

const char *country_nearest(const char *text)
{
    const char *all[COUNT(names)];
    char *folded = text ? fold_name(text) : NULL;
    for (size_t i = 0; i < COUNT(names); i++) /* a code is near to nearly everything */
        all[i] = strlen(names[i].folded) > 3 ? names[i].folded : NULL;
    const char *near = folded ? nearest_name(folded, all, (int)COUNT(names)) : NULL;
    free(folded);
    return near ? shown_as(near) : NULL;
}

static enum language language_of(const char *language)
{
    if (language && strcmp(language, "nl") == 0)
        return DUTCH;
    return language && strcmp(language, "de") == 0 ? GERMAN : ENGLISH;
}

const char *country_name(const char *code, const char *language)
{
    const struct country *row = row_of(code);
    return row ? row->names[language_of(language)] : NULL;
}

const char *country_three(const char *code)
{
    const struct country *row = row_of(code);
    return row && *row->three ? row->three : NULL;
}

const char *country_number(const char *code)
{
    const struct country *row = row_of(code);
    return row && *row->number ? row->number : NULL;
}

const char *country_vat_prefix(const char *code)
{
    static const char *const union_codes[] = {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "HR", "HU", "IE",
        "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"};
    if (strcmp(code, "GR") == 0 || strcmp(code, "EL") == 0)
        return "EL";
    for (size_t i = 0; i < COUNT(union_codes); i++) {
        if (strcmp(code, union_codes[i]) == 0)
            return union_codes[i];
    }
    return NULL;
}

/* ---- currencies ---- */

const char *country_currency_find(const char *text)
{
    size_t n = 0;
    const char *start = text ? fold_trim(text, &n) : NULL;
    if (n == strlen("€") && strncmp(start, "€", n) == 0)
        return "EUR";
    char *folded = text ? fold_name(text) : NULL;
    const struct country_name *row =
        folded ? bsearch(folded, currency_names, COUNT(currency_names), sizeof currency_names[0],
                         compare_name)
               : NULL;
    free(folded);
    return row ? row->code : NULL;
}

static const struct currency *currency_of(const char *code)
{
    return bsearch(code, currencies, COUNT(currencies), sizeof currencies[0], compare_currency);
}

const char *country_currency_name(const char *code, const char *language)
{
    const struct currency *row = currency_of(code);
    return row ? row->names[language_of(language)] : NULL;
}

const char *country_currency_number(const char *code)
{
    const struct currency *row = currency_of(code);
    return row ? row->number : NULL;
}

int country_currency_places(const char *code)
{
    const struct currency *row = currency_of(code);
    return row ? row->places : -1;
}
