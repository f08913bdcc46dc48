/* SPDX-License-Identifier: MIT
 * What somebody sees who may not see personal data. */
#include "dashboard/dashboard_mask.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mask.h"

/* Members of answers that hold what a record holds. */
static const char *const records[] = {"source", "record",      "records", "brief", "facts", "get",
                                      "send",   "attempts",    "core",    "value", "from",  "out",
                                      "in",     "destination", "cases",   "key",   "words"};
/* Members of answers that are words of the program, which may quote a record. */
static const char *const texts[] = {"text", "detail", "why", "error", "edited_why"};
/* Words in the names of fields that name nobody; their values must look like it, too. */
static const char *const harmless[] = {
    "id",     "number", "date",  "time",    "at",       "amount",  "total",   "price", "vat",
    "tax",    "rate",   "count", "quant",   "currency", "state",   "status",  "type",  "version",
    "reason", "code",   "net",   "gross",   "discount", "unit",    "stock",   "ledger", "due",
    "kind",   "method", "reference", "attempt", "to",   "table",   "hit",     "path",  "list",
    "line",   "file",   "via",   "revision", "step",    "outcome", "ms",      "article"};
/* Among these: what names somebody though it has such a word in it. */
static const char *const personal[] = {"name", "mail", "phone", "mobile", "street", "city", "zip",
                                       "post", "address", "iban", "bic", "contact", "birth",
                                       "vat_number", "vatnumber", "vat_id", "note", "remark",
                                       "description", "customer", "debtor", "relation"};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static bool is_one_of(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, list[i]) == 0)
            return true;
    }
    return false;
}

static bool has_one_of(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasestr(name, list[i]))
            return true;
    }
    return false;
}

static bool stays(const char *name, const char *text)
{
    return name && has_one_of(name, harmless, COUNT(harmless)) &&
           !has_one_of(name, personal, COUNT(personal)) && !strpbrk(text, "@ ") &&
           strlen(text) <= 64;
}

char *dashboard_mask_text(const char *text)
{
    size_t room = strlen(text) * 2 + 8, at = 0;
    char *copy = strdup(text), *out = malloc(room);
    bool quoted = false;
    if (!copy || !out) {
        free(copy);
        free(out);
        return NULL;
    }
    mask_words(copy);
    for (const char *word = copy; *word;) {
        size_t length = strcspn(word, " "), blanks = strspn(word + length, " ");
        bool opens = memchr(word, '"', length) != NULL;
        bool hide = quoted || opens || memchr(word, '@', length);
        size_t marks = 0;
        for (size_t i = 0; i < length; i++)
            marks += word[i] == '"';
        quoted = quoted != (marks % 2 == 1);
        const char *shown = hide ? DASHBOARD_MASK : word;
        size_t bytes = hide ? sizeof DASHBOARD_MASK - 1 : length;
        if (at + bytes + blanks + 1 >= room)
            break;
        memcpy(out + at, shown, bytes);
        memcpy(out + at + bytes, word + length, blanks);
        at += bytes + blanks;
        word += length + blanks;
    }
    out[at] = '\0';
    free(copy);
    return out;
}

static json_t *hidden_text(const char *text)
{
    char *out = dashboard_mask_text(text);
    json_t *value = json_string_nocheck(out ? out : DASHBOARD_MASK);
    free(out);
    return value;
}

/* What takes the place of a text of a record; NULL: it stays. Numbers may be telephones. */
static json_t *masked(const char *name, const json_t *value)
{
    if (json_is_string(value) && *json_string_value(value))
        return stays(name, json_string_value(value)) ? NULL : json_string(DASHBOARD_MASK);
    if (json_is_integer(value) && name && has_one_of(name, personal, COUNT(personal)))
        return json_string(DASHBOARD_MASK);
    return NULL;
}

/* name: of the member that the value is; in a record everything below it is its. */
static void walk(json_t *value, const char *name, bool record)
{
    json_t *one, *other;
    size_t i;
    const char *member;
    void *next;
    json_array_foreach(value, i, one) {
        other = record ? masked(name, one) : NULL;
        if (other)
            (void)json_array_set_new(value, i, other);
        else
            walk(one, name, record);
    }
    json_object_foreach_safe(value, next, member, one) {
        bool text = !record && is_one_of(member, texts, COUNT(texts)) && json_is_string(one);
        bool below = record || is_one_of(member, records, COUNT(records));
        other = text ? hidden_text(json_string_value(one)) : below ? masked(member, one) : NULL;
        if (other)
            (void)json_object_set_new_nocheck(value, member, other);
        else
            walk(one, member, below);
    }
}

void dashboard_mask(json_t *answer)
{
    walk(answer, NULL, false);
}

bool dashboard_mask_needed(const char *row)
{
    static const char *const settings[] = {"config.rows", "config.log",    "config.status",
                                           "flows.form",  "flows.fields",  "flows.mapping",
                                           "connections.choices"};
    return !is_one_of(row, settings, COUNT(settings));
}
