/* SPDX-License-Identifier: MIT
 * What somebody sees who may not see personal data. */
#include "dashboard/dashboard_mask.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mask.h"

/* Members of answers that hold what a record holds. */
static const char *const records[] = {"source", "record",      "records", "brief", "facts", "get",
                                      "send",   "attempts",    "core",    "value", "from",  "out",
                                      "in",     "destination", "cases",   "key",   "words",
                                      "links"};
/* Members of answers that are words of the program, which may quote a record. */
static const char *const texts[] = {"text", "detail", "error", "why", "paused"};
/* In a command that puts what a record holds into a table. */
static const char adds[] = " add ";
/* What users typed, who may name anybody: a member of its own, what stands behind this in another,
 * and the detail of what has this reason. */
static const char edited_why[] = "edited_why", by_hand[] = "by hand: ", settled[] = "by_hand";
/* The member of answers that lists what a system has to choose from, employees among it. */
static const char choices[] = "values";
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

#define CODE_BYTES 32 /* what is longer is no code */
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

/* What takes the place of words in this object; NULL: they are none. */
static json_t *hidden_words(const json_t *object, const char *member, const json_t *value)
{
    const char *text = json_string_value(value);
    const char *reason = json_string_value(json_object_get(object, "reason"));
    if (!text || !*text)
        return NULL;
    if (strcmp(member, edited_why) == 0 || (strcmp(member, "command") == 0 && strstr(text, adds)))
        return json_string(DASHBOARD_MASK);
    if (!is_one_of(member, texts, COUNT(texts)))
        return NULL;
    if (reason && strcmp(reason, settled) == 0)
        return json_string(DASHBOARD_MASK);
    if (strncmp(text, by_hand, sizeof by_hand - 1) == 0)
        return json_sprintf("%s%s", by_hand, DASHBOARD_MASK);
    return hidden_text(text);
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

/* Of what there is to choose from the codes stay: whoever reads a configuration needs those. */
static void hide_titles(json_t *rows)
{
    json_t *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *value = json_string_value(json_object_get(row, "value"));
        if (!json_object_get(row, "title"))
            continue;
        (void)json_object_set_new(row, "title", json_string(DASHBOARD_MASK));
        if (!value || strlen(value) > CODE_BYTES || strpbrk(value, "@ "))
            (void)json_object_set_new(row, "value", json_string(DASHBOARD_MASK));
    }
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
        bool below = record || is_one_of(member, records, COUNT(records));
        other = record ? NULL : hidden_words(value, member, one);
        if (!other && below)
            other = masked(member, one);
        if (other)
            (void)json_object_set_new_nocheck(value, member, other);
        else if (!record && strcmp(member, choices) == 0)
            hide_titles(one);
        else
            walk(one, member, below);
    }
}

void dashboard_mask(json_t *answer)
{
    walk(answer, NULL, false);
}

/* Catalogues and mappings name nobody. */
static bool is_about_records(const char *row)
{
    static const char *const settings[] = {"flows.form", "flows.fields", "flows.mapping"};
    return !is_one_of(row, settings, COUNT(settings));
}

static void hide(json_t *object, const char *member)
{
    if (json_is_string(json_object_get(object, member)))
        (void)json_object_set_new(object, member, json_string(DASHBOARD_MASK));
}

static void hide_addresses(json_t *value)
{
    json_t *one;
    const char *member;
    size_t i;
    void *next;
    json_array_foreach(value, i, one) {
        if (json_is_string(one) && strchr(json_string_value(one), '@'))
            (void)json_array_set_new(value, i, json_string(DASHBOARD_MASK));
        else
            hide_addresses(one);
    }
    json_object_foreach_safe(value, next, member, one) {
        if (json_is_string(one) && strchr(json_string_value(one), '@'))
            (void)json_object_set_new_nocheck(value, member, json_string(DASHBOARD_MASK));
        else
            hide_addresses(one);
    }
}

/* Of the configuration: why somebody changed it, the changed lines, and addresses in tables. */
static void hide_in_configuration(json_t *answer)
{
    json_t *row;
    size_t i;
    hide(json_object_get(answer, "revision"), "why");
    json_array_foreach(json_object_get(answer, "revisions"), i, row)
        hide(row, "why");
    json_array_foreach(json_object_get(answer, "files"), i, row)
        hide(row, "diff");
    hide_addresses(json_object_get(answer, "rows"));
}

/* What of an answer about records is of catalogues and the configuration, though members of such
 * names hold records elsewhere. */
static void put_back(const char *row, const json_t *whole, json_t *own)
{
    size_t i;
    json_t *flow;
    if (strcmp(row, "jobs.explain") == 0 && json_object_get(whole, "titles"))
        (void)json_object_set(own, "titles", json_object_get(whole, "titles"));
    if (strcmp(row, "flows.status") != 0)
        return;
    json_array_foreach(json_object_get(whole, "flows"), i, flow) {
        if (json_object_get(flow, "from"))
            (void)json_object_set(json_array_get(json_object_get(own, "flows"), i), "from",
                                  json_object_get(flow, "from"));
    }
}

json_t *dashboard_mask_answer(const char *row, json_t *out_take, bool whole)
{
    bool configuration = strncmp(row, "config.", 7) == 0;
    if (whole || (!is_about_records(row) && !configuration))
        return out_take;
    json_t *own = json_deep_copy(out_take);
    if (own && configuration)
        hide_in_configuration(own);
    else if (own) {
        dashboard_mask(own);
        put_back(row, out_take, own);
    }
    json_decref(out_take);
    return own;
}

void dashboard_mask_error(struct koppel_error *err, bool whole)
{
    char *text = whole ? NULL : dashboard_mask_text(err->text);
    if (text)
        snprintf(err->text, sizeof err->text, "%s", text);
    if (!whole)
        err->facts[0] = '\0';
    free(text);
}
