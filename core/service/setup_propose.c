/* SPDX-License-Identifier: MIT
 * What a row of a value table is proposed to become. */
#include "service/setup_propose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/decimal.h"
#include "base/fold.h"
#include "service/setup_text.h"

#define NAME_BYTES 200

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* The part of a key with this role; NULL: it has none. */
static const json_t *part_of(const json_t *key, const char *role)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(key, "parts"), i, one) {
        if (strcmp(member(one, "role"), role) == 0)
            return one;
    }
    return NULL;
}

static bool same_number(const char *a, const char *b)
{
    struct decimal x, y;
    return a && b && decimal_parse(a, &x) == 0 && decimal_parse(b, &y) == 0 &&
           decimal_compare(x, y) == 0;
}

/* ---- names ---- */

/* Letters and digits of a name, without what stands behind it in brackets. */
static char *plain(const char *text, size_t bytes)
{
    char cut[NAME_BYTES];
    snprintf(cut, sizeof cut, "%.*s", (int)(bytes < NAME_BYTES ? bytes : NAME_BYTES - 1), text);
    char *bracket = strchr(cut, '(');
    if (bracket && bracket > cut)
        *bracket = '\0';
    return fold_name(cut);
}

/* 3: they are the same, 2: one holds the other, 0: neither. Short ones are in everything. */
static int likeness(const char *name, size_t bytes, const char *title)
{
    char *a = plain(name, bytes), *b = plain(title, strlen(title));
    int like = 0;
    if (a && b && *a && *b) {
        size_t shorter = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
        if (strcmp(a, b) == 0)
            like = 3;
        else if (shorter >= 4 && (strstr(a, b) || strstr(b, a)))
            like = 2;
    }
    free(a);
    free(b);
    return like;
}

/* A kind of line is called otherwise in each language, and in each several ways. */
static int likeness_of_kind(const char *kind, const char *title)
{
    static const char *const languages[] = {"en", "de", "nl"};
    char key[64];
    int best = 0;
    snprintf(key, sizeof key, "key.%.50s", kind);
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        const char *names = setup_text_raw(key, languages[i]);
        while (names && *names) {
            size_t n = strcspn(names, "|");
            int like = likeness(names, n, title);
            best = like > best ? like : best;
            names += n + (names[n] == '|');
        }
    }
    return best;
}

static int name_score(const json_t *key, const struct list_row *row, const char **because)
{
    size_t i;
    json_t *part;
    int best = 0;
    json_array_foreach(json_object_get(key, "parts"), i, part) {
        const char *role = member(part, "role"), *title = member(part, "title");
        bool kind = strcmp(role, "kind") == 0 || strcmp(role, "word") == 0;
        int like = kind                      ? likeness_of_kind(member(part, "value"), row->title)
                   : strcmp(role, "list") == 0 ? likeness(title, strlen(title), row->title)
                                             : 0;
        best = like > best ? like : best;
    }
    *because = best == 3 ? "because.name" : "because.near";
    return best == 3 ? 60 : best == 2 ? 40 : 0;
}

/* ---- rates ---- */

/* A code of the country with the rate; where the VAT is shifted, one of no country and no rate; and
 * for zero abroad that of home. */
static int rate_score(const struct setup_propose *p, const json_t *key,
                      const struct list_row *row, const char **because)
{
    const json_t *region = part_of(key, "region"), *rate = part_of(key, "rate");
    const char *has = list_fact(row, "rate"), *named = list_fact(row, "country");
    const char *country = named ? country_find(named) : NULL;
    const char *where = member(region, "value");
    if (!rate || !has)
        return 0;
    *because = "because.rate";
    if (region && strcmp(where, "shifted") == 0)
        return same_number(has, "0") && !country ? 90 : 0;
    if (!same_number(has, member(rate, "value")))
        return 0;
    if (!region || (country && strcmp(country, where) == 0))
        return 90;
    *because = "because.home";
    return same_number(has, "0") && country && strcmp(country, p->home) == 0 ? 50 : 0;
}

static int score_of(const struct setup_propose *p, const json_t *key, const struct list_row *row,
                    const char **because)
{
    size_t i;
    json_t *part;
    const char *kind = list_fact(row, "kind"), *vat = list_fact(row, "vat");
    if (row->outcome || list_fact(row, "not") || (kind && strcmp(kind, "purchase") == 0))
        return 0;
    json_array_foreach(json_object_get(key, "parts"), i, part) {
        *because = "because.account";
        if (strcmp(member(json_object_get(part, "facts"), "account"), row->value) == 0)
            return 100;
    }
    int score = rate_score(p, key, row, because);
    if (score > 0)
        return score;
    *because = "because.vat";
    if (p->vat && vat && strcmp(vat, p->vat) == 0)
        return 80;
    return name_score(key, row, because);
}

const struct list_row *setup_propose_row(const struct setup_propose *p, const json_t *key,
                                         const char **because)
{
    const struct list_row *best = NULL;
    int highest = 0;
    for (int i = 0; i < p->rows->count; i++) {
        const char *why = NULL;
        int score = score_of(p, key, &p->rows->rows[i], &why);
        if (score <= highest)
            continue;
        highest = score;
        best = &p->rows->rows[i];
        *because = why;
    }
    return best;
}
