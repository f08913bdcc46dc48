/* SPDX-License-Identifier: MIT
 * By what a person knows a record: number, name and total; and the words that it is found by, from
 * the fields that its core model marks with "search". */
#include "flow/brief.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/fold.h"
#include "base/json_text.h"
#include "mapping/value.h"
#include "model/model.h"

#define TITLE_BYTES 60
#define OTHER_BYTES 40
#define WORD_BYTES 200 /* longer ones are no words */

/* ---- the brief ---- */

/* What goes first where there is no room for all is the last one. */
static const struct {
    const char *name, *part, *member;
} members[] = {
    {"number", NULL, "reference"},   {"number", NULL, "number"},
    {"title", NULL, "company"},      {"title", NULL, "name"},
    {"title", "customer", "company"}, {"title", "customer", "name"},
    {"title", NULL, "branch"},       {"total", NULL, "total_incl"},
    {"currency", NULL, "currency"},  {"date", NULL, "date"},
};

static const char *text_of(const json_t *core, const char *part, const char *member, char buf[32])
{
    const char *text;
    json_t *value = json_object_get(part ? json_object_get(core, part) : core, member);
    return value && value_text(value, buf, &text) && !fold_is_blank(text) ? text : NULL;
}

static void add_member(json_t *brief, const char *name, const char *text)
{
    size_t room = strcmp(name, "title") == 0 ? TITLE_BYTES : OTHER_BYTES;
    json_object_set_new(brief, name, json_stringn(text, cut_bytes(text, room)));
}

char *brief_text(const struct work *w)
{
    static const char *const spare[] = {"date", "currency", "title", "total", "number"};
    json_t *brief = json_object();
    char buf[32], *out = NULL;
    size_t bytes = 0, next = 0;
    for (size_t i = 0; brief && i < sizeof members / sizeof members[0]; i++) {
        const char *text = text_of(w->core, members[i].part, members[i].member, buf);
        if (text && !json_object_get(brief, members[i].name))
            add_member(brief, members[i].name, text);
    }
    while (json_object_size(brief) > 0) {
        out = json_text(brief, false, &bytes);
        if (!out || bytes <= BRIEF_BYTES)
            break;
        free(out);
        out = NULL;
        json_object_del(brief, spare[next++]);
    }
    json_decref(brief);
    return out;
}

/* ---- words ---- */

struct words {
    char **out;
    int count, room;
};

static void add_word(struct words *all, const char *text, size_t bytes)
{
    char word[WORD_BYTES];
    if (bytes == 0 || bytes >= sizeof word || all->count == all->room)
        return;
    memcpy(word, text, bytes);
    word[bytes] = '\0';
    char *folded = fold_name(word);
    if (folded && *folded)
        all->out[all->count++] = folded;
    else
        free(folded);
}

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Names have parts: who looks for "vries" finds "vries-jansen". Numbers and addresses are one. */
static void add_parts(struct words *all, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '@' || isdigit((unsigned char)text[i]))
            return;
    }
    for (size_t at = 0, n; at < bytes; at += n + 1) {
        for (n = 0; at + n < bytes && is_letter(text[at + n]); n++)
            ;
        if (n > 1 && n < bytes)
            add_word(all, text + at, n);
    }
}

/* The words of a text; parts: those inside them too. */
static void add_text(struct words *all, const char *text, bool parts)
{
    while (*text) {
        size_t n = fold_blank(text);
        if (n > 0) {
            text += n;
            continue;
        }
        while (text[n] && fold_blank(text + n) == 0)
            n++;
        add_word(all, text, n);
        if (parts)
            add_parts(all, text, n);
        text += n;
    }
}

static void add_fields(struct words *all, const struct cat_field *fields, int count,
                       const json_t *record)
{
    char buf[32];
    const char *text;
    for (int i = 0; i < count; i++) {
        const struct cat_field *f = &fields[i];
        json_t *value = f->search || f->type == FIELD_OBJECT ? json_object_get(record, f->name)
                                                             : NULL;
        if (value && f->type == FIELD_OBJECT)
            add_fields(all, f->fields, f->field_count, value);
        else if (value && value_text(value, buf, &text))
            add_text(all, text, true);
    }
}

int brief_words(const struct work *w, char **out, int room)
{
    struct words all = {out, 0, room};
    const struct model *model = model_find(w->flow->conf->model);
    add_text(&all, w->job->key, false);
    if (model && model->record && w->core)
        add_fields(&all, model->record->fields, model->record->field_count, w->core);
    if (w->remote_id)
        add_text(&all, w->remote_id, false);
    if (w->link && w->link->alias)
        add_text(&all, w->link->alias, false);
    return all.count;
}

int brief_query(const char *text, char **out, int room)
{
    struct words all = {out, 0, room};
    add_text(&all, text, false);
    return all.count;
}
