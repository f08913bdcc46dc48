/* SPDX-License-Identifier: MIT
 * A document that was delivered has changed at the source, or was cancelled there. The flow's
 * settings say what follows: nothing without a person (park, alert), an update while the document
 * may still change, or a correcting document that makes the books right again (difference, credit).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/log.h"
#include "mapping/map.h"
#include "flow/work.h"

#define DIFF_BYTES 600

static bool same_value(const struct cat_field *field, const json_t *a, const json_t *b)
{
    char ba[32], bb[32];
    const char *ta, *tb;
    struct decimal da, db;
    if (!a || !b)
        return !a && !b;
    if (!map_text(a, ba, &ta) || !map_text(b, bb, &tb))
        return json_equal(a, b);
    if (strcmp(ta, tb) == 0 || (field->type == FIELD_DATE && strncmp(ta, tb, 10) == 0))
        return true;
    return decimal_parse(ta, &da) == 0 && decimal_parse(tb, &db) == 0 &&
           decimal_compare(da, db) == 0;
}

/* What differs, as far as it fits: "amountInclVat 121.00 -> 181.50, lines 2 -> 3". */
struct diff {
    const struct cat_entity *entity;
    char text[DIFF_BYTES];
    size_t used;
};

static void differs(struct diff *d, const char *list, size_t index, const char *name,
                    const char *was, const char *now)
{
    char where[96] = "";
    if (list)
        snprintf(where, sizeof where, "%s %zu ", list, index + 1);
    if (d->used >= sizeof d->text - 1)
        return;
    int n = snprintf(d->text + d->used, sizeof d->text - d->used, "%s%s%s %.60s -> %.60s",
                     d->used ? ", " : "", where, name, was, now);
    d->used += n > 0 ? (size_t)n : 0;
}

/* A value for a person; amounts of both sides in one form. */
static const char *shown(const struct cat_field *field, const json_t *value,
                         char buf[DECIMAL_TEXT_BYTES])
{
    const char *text;
    struct decimal d;
    if (!value || json_is_null(value))
        return "none";
    if (!map_text(value, buf, &text))
        return "other";
    if (field->type != FIELD_DECIMAL || decimal_parse(text, &d) != 0)
        return text;
    if (d.places < 2)
        (void)decimal_round(d, 2, ROUND_HALF_UP, &d);
    decimal_format(decimal_trim(d, 2), buf);
    return buf;
}

/* The elements of a list that book something; a new reference. A destination may leave out those
 * that an entry balances without. */
static json_t *booked(const struct cat_entity *e, const char *name, json_t *list)
{
    size_t n = strlen(name), i;
    json_t *line, *out;
    char buf[32];
    const char *text;
    struct decimal amount;
    if (!e->balance || strncmp(e->balance, name, n) != 0 || strncmp(e->balance + n, "[].", 3) != 0)
        return json_incref(list);
    out = json_array();
    json_array_foreach(list, i, line) {
        json_t *value = json_object_get(line, e->balance + n + 3);
        if (!value || !map_text(value, buf, &text) || decimal_parse(text, &amount) != 0 ||
            !decimal_is_zero(amount))
            json_array_append(out, line);
    }
    return out;
}

/* Compares what the new record says with what stands there; what only the destination says is no
 * difference. list: the field whose elements the fields are, NULL: the record's own. */
static void compare_fields(struct diff *d, const struct cat_field *fields, int count,
                           const json_t *present, const json_t *document, const char *list,
                           size_t index);

static void compare_list(struct diff *d, const struct cat_field *field, json_t *was, json_t *now)
{
    char ba[24], bb[24];
    json_t *before = booked(d->entity, field->name, was),
           *after = booked(d->entity, field->name, now), *one;
    size_t i;
    snprintf(ba, sizeof ba, "%zu", json_array_size(before));
    snprintf(bb, sizeof bb, "%zu", json_array_size(after));
    if (strcmp(ba, bb) != 0) {
        differs(d, NULL, 0, field->name, ba, bb);
    } else {
        json_array_foreach(after, i, one) compare_fields(
            d, field->fields, field->field_count, json_array_get(before, i), one, field->name, i);
    }
    json_decref(before);
    json_decref(after);
}

static void compare_fields(struct diff *d, const struct cat_field *fields, int count,
                           const json_t *present, const json_t *document, const char *list,
                           size_t index)
{
    for (int i = 0; i < count; i++) {
        const struct cat_field *field = &fields[i];
        json_t *was = json_object_get(present, field->name),
               *now = json_object_get(document, field->name);
        char ba[DECIMAL_TEXT_BYTES], bb[DECIMAL_TEXT_BYTES];
        if (!now || field->read_only)
            continue;
        if (json_is_array(now))
            compare_list(d, field, was, now);
        else if (!same_value(field, was, now))
            differs(d, list, index, field->name, shown(field, was, ba), shown(field, now, bb));
    }
}

static void describe(const struct flow *f, const struct work *w, struct diff *d)
{
    *d = (struct diff){.entity = f->dest};
    if (w->present && w->document)
        compare_fields(d, f->dest->fields, f->dest->field_count, w->present, w->document, NULL, 0);
}

static int park(struct flow *f, struct work *w, const char *reason, const char *why)
{
    char detail[ERR_TEXT_BYTES];
    struct diff diff;
    describe(f, w, &diff);
    snprintf(detail, sizeof detail, "changed after posting as %s; %s%s%s", w->link.id, why,
             diff.used ? ": " : "", diff.text);
    if (!w->remote_id)
        w->remote_id = strdup(w->link.id);
    work_end(w, JOB_PARKED, reason, detail);
    return 0;
}

/* What stands there now, by the reference it was posted under. */
static int fetch_present(struct flow *f, struct work *w, struct koppel_error *err)
{
    char *id = NULL;
    const char *key = json_string_value(json_object_get(w->document, f->dest->document));
    if (w->present || !key || !*key || !(f->dest->can & CAN_FIND))
        return 0;
    int rc = work_look_up(f, w, key, &id, &w->present, err);
    free(id);
    return rc;
}

static bool may_change(const struct cat_entity *e, const json_t *present)
{
    char buf[32];
    const char *text;
    json_t *value = present && e->editable ? json_object_get(present, e->editable) : NULL;
    if (!e->editable)
        return true;
    if (!value || !map_text(value, buf, &text))
        return false;
    for (int i = 0; i < e->editable_count; i++) {
        if (strcmp(e->editable_values[i], text) == 0)
            return true;
    }
    return false;
}

/* The source changed in something that the document does not say. */
static int same_already(struct work *w)
{
    if (!w->remote_id)
        w->remote_id = strdup(w->link.id);
    w->relink = true;
    work_end(w, JOB_SKIPPED, "unchanged", "the document there says the same already");
    return 0;
}

static int update(struct flow *f, struct work *w, struct koppel_error *err)
{
    char *id = NULL;
    if (!(f->dest->can & CAN_UPDATE))
        return park(f, w, "changed", "it cannot be changed there");
    if (!may_change(f->dest, w->present))
        return park(f, w, "changed", "it is locked there");
    if (work_write(f, w, KOPPEL_VERB_UPDATE, w->link.id, w->document, &id, err) != 0)
        return err->kind != KOPPEL_E_REJECTED
                   ? -1
                   : park(f, w, "changed",
                          strcmp(err->reason, "locked") == 0 ? "it is locked there" : err->text);
    free(w->remote_id);
    w->remote_id = id;
    w->relink = true;
    work_end(w, JOB_DONE, "updated", NULL);
    return 0;
}

static int correct(struct flow *f, struct work *w, json_t *document, const char *reason,
                   struct koppel_error *err)
{
    bool posted = false;
    if (f->dest->correct_count == 0)
        return park(f, w, "changed", "no correcting document can be made there");
    if (work_correct(f, w, document, &posted, err) != 0)
        return -1;
    if (!posted)
        return same_already(w);
    if (!w->remote_id)
        w->remote_id = strdup(w->link.id);
    w->relink = true;
    work_end(w, JOB_DONE, reason, NULL);
    return 0;
}

static int withdraw(struct flow *f, struct work *w, struct koppel_error *err)
{
    /* quotes are cancelled, documents that were booked credited: the same wish */
    if (!flow_setting_is(f, "on_cancel", "credit") && !flow_setting_is(f, "on_cancel", "cancel")) {
        log_warning("flow=%s key=%s was cancelled after it was posted as %s", f->conf->name,
                    w->job->key, w->link.id);
        return park(f, w, "cancelled.after", "it was cancelled in the source");
    }
    if (f->dest->correct_count > 0)
        return correct(f, w, NULL, "credited", err);
    if (!(f->dest->can & CAN_REMOVE))
        return park(f, w, "cancelled.after",
                    "it was cancelled in the source, and cannot be withdrawn there");
    char *id = NULL;
    json_t *nothing = json_object();
    int rc = nothing ? work_write(f, w, KOPPEL_VERB_REMOVE, w->link.id, nothing, &id, err)
                     : err_set(err, KOPPEL_E_BUG, "out of memory");
    json_decref(nothing);
    if (rc != 0)
        return -1;
    free(w->remote_id);
    w->remote_id = id;
    w->relink = w->close = true;
    work_end(w, JOB_DONE, "cancelled", NULL);
    return 0;
}

/* A document with a correction or a credit behind it is more than its own text. */
static int has_correction(struct flow *f, struct work *w, bool *has, struct koppel_error *err)
{
    char key[300], *id = NULL;
    json_t *record = NULL;
    *has = false;
    if (f->dest->correct_count == 0)
        return 0;
    snprintf(key, sizeof key, "%s/2",
             json_string_value(json_object_get(w->document, f->dest->document)));
    int rc = work_look_up(f, w, key, &id, &record, err);
    *has = id != NULL;
    free(id);
    json_decref(record);
    return rc;
}

int work_change(struct flow *f, struct work *w, struct koppel_error *err)
{
    struct diff diff;
    bool corrected;
    if (w->goal == GOAL_WITHDRAW)
        return withdraw(f, w, err);
    if (work_document(f, w, err) != 0 || fetch_present(f, w, err) != 0)
        return -1;
    if (flow_setting_is(f, "on_change", "difference"))
        return correct(f, w, w->document, "corrected", err);
    if (has_correction(f, w, &corrected, err) != 0)
        return -1;
    if (corrected)
        return park(f, w, "changed", "it was corrected or credited there");
    describe(f, w, &diff);
    if (w->present && diff.used == 0)
        return same_already(w);
    if (flow_setting_is(f, "on_change", "update"))
        return update(f, w, err);
    return park(f, w, "changed", "compare both and mend by hand");
}
