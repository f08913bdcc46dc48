/* SPDX-License-Identifier: MIT
 * The sum of a record's documents, and the document that is missing. As the sum is taken afresh
 * each time, a lost answer or a restart cannot post a difference twice. Where the destination
 * computes the VAT of a document itself, a change takes all of it back and posts the whole anew, as
 * two steps: a difference would have a rounding of its own.
 *
 * The entity's catalogue says by "correct" which members are amounts: scalars of the document, and
 * one member of the elements of a list ("lines[].amount"). Elements that are equal in everything
 * else are one line. */
#include "flow/correct.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/json_text.h"
#include "base/words.h"
#include "flow/document.h"
#include "flow/look.h"
#include "mapping/map.h"
#include "mapping/value.h"

#define DOCUMENTS_MAX 100 /* of one record */
#define AMOUNTS_MAX 8

/* What "correct" names: scalars, and a list with its amounts. */
struct shape {
    const char *scalars[AMOUNTS_MAX], *amounts[AMOUNTS_MAX];
    int scalar_count, amount_count;
    char list[64]; /* "" where no list is named */
};

struct line {
    json_t *line; /* identity members only */
    char *identity;
    struct decimal amounts[AMOUNTS_MAX];
};

struct sum {
    const struct flow *flow;
    const struct shape *shape;
    json_t *members;  /* names that make a line what it is; NULL: all that can be written */
    struct decimal scalars[AMOUNTS_MAX];
    struct line *lines;
    size_t count, room;
};

static int read_shape(const struct cat_entity *e, struct shape *out, struct koppel_error *err)
{
    *out = (struct shape){0};
    for (int i = 0; i < e->correct_count; i++) {
        const char *mark = strstr(e->correct[i], "[].");
        if (!mark && out->scalar_count < AMOUNTS_MAX) {
            out->scalars[out->scalar_count++] = e->correct[i];
            continue;
        }
        size_t n = mark ? (size_t)(mark - e->correct[i]) : 0;
        if (!mark || n >= sizeof out->list || out->amount_count == AMOUNTS_MAX ||
            (out->list[0] && (strncmp(out->list, e->correct[i], n) != 0 || out->list[n] != '\0')))
            return err_set(err, KOPPEL_E_CONFIG, "entity %s: \"correct\" names more than one list",
                           e->name);
        memcpy(out->list, e->correct[i], n);
        out->amounts[out->amount_count++] = mark + 3;
    }
    return 0;
}

static int amount_of(const json_t *object, const char *name, struct decimal *out,
                     struct koppel_error *err)
{
    char buf[32];
    const char *text;
    json_t *value = json_object_get(object, name);
    *out = DECIMAL_ZERO;
    if (!value || json_is_null(value))
        return 0;
    if (!value_text(value, buf, &text) || decimal_parse(text, out) != 0)
        return err_set(err, KOPPEL_E_BUG, "%s is no amount", name);
    return 0;
}

static int add(struct decimal *total, struct decimal amount, int sign, struct koppel_error *err)
{
    int rc = sign > 0 ? decimal_add(*total, amount, total) : decimal_sub(*total, amount, total);
    return rc == 0
               ? 0
               : err_reason(err, KOPPEL_E_REJECTED, "order.totals", "an amount is out of range");
}

static bool is_amount(const struct shape *shape, const char *name)
{
    for (int i = 0; i < shape->amount_count; i++) {
        if (strcmp(shape->amounts[i], name) == 0)
            return true;
    }
    return false;
}

static const struct cat_field *list_field(const struct sum *s, const char *name)
{
    char path[160];
    snprintf(path, sizeof path, "%s[].%s", s->shape->list, name);
    return catalogue_field(s->flow->dest, path);
}

/* The members that make a line what it is, in one form: numbers as text, dates without a time. */
static json_t *identity_of(const struct sum *s, const json_t *line)
{
    const char *name;
    json_t *value, *out = json_object();
    json_object_foreach((json_t *)line, name, value) {
        char buf[32], digits[DECIMAL_TEXT_BYTES];
        const char *text;
        struct decimal d;
        const struct cat_field *field = list_field(s, name);
        if (is_amount(s->shape, name) || !value_text(value, buf, &text) || !*text || !field ||
            field->read_only || (s->members && !json_object_get(s->members, name)))
            continue;
        if (field->type == FIELD_DECIMAL && decimal_parse(text, &d) == 0) {
            decimal_format(decimal_trim(d, 0), digits); /* "24.5200" is "24.52" */
            text = digits;
        }
        size_t n = strlen(text);
        if (field->type == FIELD_DATE && n > 10)
            n = 10;
        json_object_set_new(out, name, json_stringn(text, n));
    }
    return out;
}

static struct line *line_for(struct sum *s, const json_t *source, struct koppel_error *err)
{
    json_t *identity = identity_of(s, source);
    char *text = identity ? json_text(identity, true, NULL) : NULL;
    struct line *found = NULL;
    for (size_t i = 0; text && i < s->count && !found; i++) {
        if (strcmp(s->lines[i].identity, text) == 0)
            found = &s->lines[i];
    }
    if (text && !found && s->count == s->room) {
        size_t room = s->room ? s->room * 2 : 16;
        struct line *more = realloc(s->lines, room * sizeof *more);
        if (more) {
            s->lines = more;
            s->room = room;
        }
    }
    if (text && !found && s->count < s->room) {
        found = &s->lines[s->count++];
        *found = (struct line){.line = json_incref(identity), .identity = text};
        text = NULL;
    }
    free(text);
    json_decref(identity);
    if (!found)
        err_set(err, KOPPEL_E_BUG, "out of memory");
    return found;
}

/* Adds a document's amounts, or takes them away. */
static int sum_document(struct sum *s, const json_t *document, int sign, struct koppel_error *err)
{
    const struct shape *shape = s->shape;
    struct decimal amount;
    size_t i;
    json_t *source;
    for (int k = 0; k < shape->scalar_count; k++) {
        if (amount_of(document, shape->scalars[k], &amount, err) != 0 ||
            add(&s->scalars[k], amount, sign, err) != 0)
            return -1;
    }
    if (!shape->list[0])
        return 0;
    json_array_foreach(json_object_get(document, shape->list), i, source) {
        struct line *line = line_for(s, source, err);
        if (!line)
            return -1;
        for (int k = 0; k < shape->amount_count; k++) {
            if (amount_of(source, shape->amounts[k], &amount, err) != 0 ||
                add(&line->amounts[k], amount, sign, err) != 0)
                return -1;
        }
    }
    return 0;
}

static void sum_done(struct sum *s)
{
    for (size_t i = 0; i < s->count; i++) {
        json_decref(s->lines[i].line);
        free(s->lines[i].identity);
    }
    free(s->lines);
    json_decref(s->members);
}

static int set_amount(json_t *object, const char *name, struct decimal amount)
{
    char text[DECIMAL_TEXT_BYTES];
    decimal_format(decimal_trim(amount, 2), text);
    return json_object_set_new(object, name, json_string(text));
}

/* Puts what the sum holds into the document. *any: there is something to post. */
static int fill(const struct sum *s, json_t *document, bool *any)
{
    json_t *list = json_array();
    int rc = list ? 0 : -1;
    *any = false;
    for (size_t i = 0; i < s->count && rc == 0; i++) {
        bool zero = true;
        for (int k = 0; k < s->shape->amount_count; k++) {
            zero = zero && decimal_is_zero(s->lines[i].amounts[k]);
            if (set_amount(s->lines[i].line, s->shape->amounts[k], s->lines[i].amounts[k]) != 0)
                rc = -1;
        }
        if (zero)
            continue;
        *any = true;
        if (json_array_append(list, s->lines[i].line) != 0)
            rc = -1;
    }
    for (int k = 0; k < s->shape->scalar_count && rc == 0; k++) {
        *any = *any || !decimal_is_zero(s->scalars[k]);
        if (json_object_get(document, s->shape->scalars[k]) || !decimal_is_zero(s->scalars[k]))
            rc = set_amount(document, s->shape->scalars[k], s->scalars[k]);
    }
    if (rc == 0 && s->shape->list[0])
        return json_object_set_new(document, s->shape->list, list);
    json_decref(list);
    return rc;
}

/* A document of the destination as it could be sent again: without what only it may say, and
 * without numbers of its own that must not come twice. */
static json_t *template_of(const struct cat_entity *e, const json_t *present)
{
    json_t *out = json_object();
    for (int i = 0; out && i < e->field_count; i++) {
        json_t *value = json_object_get(present, e->fields[i].name);
        if (value && !e->fields[i].read_only)
            json_object_set(out, e->fields[i].name, value);
    }
    return out;
}

static void drop_own_numbers(const struct cat_entity *e, json_t *document)
{
    for (int i = 0; i < e->find_count; i++) {
        const struct cat_field *field = catalogue_field(e, e->find[i]);
        if (strcmp(e->find[i], e->document) != 0 && field && !field->required)
            json_object_del(document, e->find[i]);
    }
}

/* Takes every document that stands there from the sum. *count: how many there are; *first: the
 * oldest, a new reference. */
static int take_present(struct work *w, struct sum *s, int *count, json_t **first,
                        struct koppel_error *err)
{
    const struct flow *f = w->flow;
    const char *reference = work_reference(w);
    for (int n = 1; n <= DOCUMENTS_MAX; n++) {
        char key[CORRECT_REF_BYTES], *id = NULL;
        json_t *record = NULL;
        snprintf(key, sizeof key, n == 1 ? "%s" : "%s/%d", reference, n);
        if (look_by_reference(w, key, &id, &record, err) != 0)
            return -1;
        *count = n - 1;
        if (!id && n == 1)
            return err_reason(err, KOPPEL_E_REJECTED, "document.gone",
                              "%s \"%s\" is not in %s (any more)", f->dest->name, key,
                              f->conf->to->name);
        if (!id && n <= w->link->chain)
            return err_reason(err, KOPPEL_E_RETRY, "document.gone",
                              "%s \"%s\", which was posted, is not shown by %s", f->dest->name, key,
                              f->conf->to->name);
        if (!id)
            return 0;
        free(id);
        int rc = sum_document(s, record, -1, err);
        if (n == 1)
            *first = record;
        else
            json_decref(record);
        if (rc != 0)
            return -1;
    }
    return err_set(err, KOPPEL_E_REJECTED, "%s has %d corrections already", reference,
                   DOCUMENTS_MAX);
}

/* The names of the members of the new document's lines: only these tell lines apart, as the
 * destination may have added members of its own. NULL: it has no lines that would say so. */
static json_t *member_names(const json_t *lines)
{
    size_t i;
    if (json_array_size(lines) == 0)
        return NULL;
    json_t *line, *value, *names = json_object();
    const char *name;
    json_array_foreach((json_t *)lines, i, line) {
        json_object_foreach(line, name, value)
            json_object_set_new(names, name, json_true());
    }
    return names;
}

/* What is missing from what stands there to `document` (NULL: to nothing), as a document; *out is
 * NULL where nothing is. *stands: does anything stand there, summed up? */
static int missing(struct work *w, const struct shape *shape, const json_t *document, json_t **out,
                   int *count, struct koppel_error *err)
{
    const struct cat_entity *e = w->flow->dest;
    struct sum s = {.flow = w->flow, .shape = shape};
    json_t *first = NULL;
    bool any = false;
    int rc = -1;
    *out = NULL;
    if (document && shape->list[0])
        s.members = member_names(json_object_get(document, shape->list));
    if ((document && sum_document(&s, document, 1, err) != 0) ||
        take_present(w, &s, count, &first, err) != 0)
        goto out;
    *out = document ? json_deep_copy(document) : template_of(e, first);
    rc = *out && fill(&s, *out, &any) == 0 ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
out:
    if (rc != 0 || !any) {
        json_decref(*out);
        *out = NULL;
    }
    json_decref(first);
    sum_done(&s);
    return rc;
}

/* Who computes the VAT of a document itself would round that of a difference by itself, too. */
static bool taxes_itself(const struct work *w)
{
    return map_reads(&w->flow->conf->send, "vat_rounding");
}

/* A person in the books must see what it corrects. */
static void describe(const struct work *w, json_t *document)
{
    const struct cat_field *field = catalogue_role(w->flow->dest, "description", NULL, 0);
    const char *words = words_find(w->flow->language, "correction_of");
    if (field && !field->read_only && strcmp(field->name, w->flow->dest->document) != 0)
        json_object_set_new(document, field->name,
                            json_sprintf("%s %s", words ? words : "correction of",
                                         work_reference(w)));
}

int correct_next(struct work *w, const json_t *document, struct correction *out,
                 struct koppel_error *err)
{
    const struct cat_entity *e = w->flow->dest;
    struct shape shape;
    *out = (struct correction){.last = true};
    if (read_shape(e, &shape, err) != 0 ||
        missing(w, &shape, document, &out->document, &out->chain, err) != 0)
        return -1;
    if (out->document && document && taxes_itself(w)) {
        json_decref(out->document);
        if (missing(w, &shape, NULL, &out->document, &out->chain, err) != 0)
            return -1;
        /* all of it is taken back already: the whole is what is missing */
        out->last = !out->document;
        if (out->last)
            out->document = json_deep_copy(document);
    }
    if (!out->document)
        return 0;
    snprintf(out->ref, sizeof out->ref, "%s/%d", work_reference(w), out->chain + 1);
    drop_own_numbers(e, out->document);
    describe(w, out->document);
    if (json_object_set_new(out->document, e->document, json_string(out->ref)) != 0)
        err_set(err, KOPPEL_E_BUG, "out of memory");
    else if (document_balance(e, out->document, err) == 0)
        return 0;
    json_decref(out->document);
    out->document = NULL;
    return -1;
}
