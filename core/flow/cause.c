/* SPDX-License-Identifier: MIT
 * What a job waits for: its reason with the facts that a person mends once for all. */
#include "flow/cause.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fold.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "flow/remedy.h"
#include "mapping/value.h"

#define CAUSE_BYTES 4096

/* ---- a peer's words ---- */

/* Quotes that open, and what closes them. */
static const char *const quotes[][2] = {
    {"\"", "\""}, {"'", "'"}, {"\u201c", "\u201d"}, {"\u2018", "\u2019"}, {"\u00ab", "\u00bb"},
    {"\u201e", "\u201c"},
};

/* The bytes of a quoted part that text begins with; 0: it begins with none. An apostrophe inside a
 * word opens nothing. */
static size_t quoted(const char *text, bool in_word)
{
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0] && !in_word; i++) {
        size_t open = strlen(quotes[i][0]);
        if (strncmp(text, quotes[i][0], open) != 0)
            continue;
        const char *end = strstr(text + open, quotes[i][1]);
        if (end)
            return (size_t)(end - text) + strlen(quotes[i][1]);
    }
    return 0;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* The bytes of a word, with the signs that stand inside numbers. */
static size_t word_bytes(const char *text, bool *digits)
{
    size_t n = 0;
    *digits = false;
    while (is_word(text[n]) ||
           (n > 0 && text[n] && strchr(".,-:/_", text[n]) && is_word(text[n + 1])))
        *digits = isdigit((unsigned char)text[n++]) || *digits;
    return n;
}

/* Five hundred refusals of one kind differ in numbers and names only. */
static void add_blanked(struct buf *out, const char *text)
{
    bool in_word = false, digits;
    while (*text) {
        size_t n = quoted(text, in_word);
        if (n > 0) {
            buf_add_text(out, "\"\"");
            text += n;
            continue;
        }
        n = word_bytes(text, &digits);
        if (n > 0)
            digits ? buf_add_char(out, '#') : buf_add(out, text, n);
        else
            buf_add(out, text, n = 1);
        in_word = is_word(text[n - 1]);
        text += n;
    }
}

/* ---- the cause ---- */

/* Does the reason alone tell nothing, so that the words do? */
static bool is_vague(const char *reason)
{
    return !remedy_of(reason) || strcmp(reason, "rejected") == 0;
}

char *cause_text(const char *reason, const char *facts, const char *words)
{
    struct buf out;
    json_t *known = facts && *facts ? json_read_text(facts, NULL) : NULL;
    char *sorted = known ? json_text(known, true, NULL) : NULL;
    buf_init(&out, CAUSE_BYTES);
    buf_printf(&out, "%s\n", reason);
    if (sorted)
        buf_add_text(&out, sorted);
    else if (is_vague(reason) && words)
        add_blanked(&out, words);
    free(sorted);
    json_decref(known);
    char *text = buf_ok(&out) ? strdup(buf_text(&out)) : NULL;
    buf_done(&out);
    return text;
}

/* ---- facts that the record tells ---- */

/* Where a record has what a fact names: its own member, or that of a part. */
static const struct {
    const char *fact, *model, *part, *member;
} places[] = {
    {"customer", NULL, "customer", "email"},
    {"customer", NULL, "customer", "number"},
    {"customer", NULL, "customer", "name"},
    {"customer", "customer", NULL, "email"},
    {"customer", "customer", NULL, "number"},
    {"customer", "customer", NULL, "name"},
    {"article", "product", NULL, "number"},
    {"article", "stock", NULL, "number"},
    {"branch", NULL, NULL, "branch"},
    {"currency", NULL, NULL, "currency"},
};

static void add_from_record(const struct work *w, const char *name, json_t *facts)
{
    char buf[32];
    const char *text, *model = w->flow->behaviour->model;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (strcmp(places[i].fact, name) != 0 ||
            (places[i].model && (!model || strcmp(places[i].model, model) != 0)))
            continue;
        json_t *from = places[i].part ? json_object_get(w->core, places[i].part) : w->core;
        json_t *value = json_object_get(from, places[i].member);
        if (value && value_text(value, buf, &text) && !fold_is_blank(text)) {
            json_object_set_new(facts, name, json_string(text));
            return;
        }
    }
}

void cause_find(struct work *w)
{
    const struct remedy *r = remedy_of(w->reason);
    json_t *facts = w->facts_text ? json_read_text(w->facts_text, NULL) : json_object();
    for (int i = 0; facts && r && r->facts[i]; i++) {
        if (json_object_get(facts, r->facts[i]))
            continue;
        if (strcmp(r->facts[i], "connection") == 0)
            json_object_set_new(facts, "connection", json_string(w->flow->conf->to->name));
        else
            add_from_record(w, r->facts[i], facts);
    }
    if (json_object_size(facts) > 0) {
        free(w->facts_text);
        w->facts_text = json_text(facts, false, NULL);
    }
    json_decref(facts);
    w->cause = cause_text(w->reason, w->facts_text, w->detail);
}
