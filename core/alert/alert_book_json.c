/* SPDX-License-Identifier: MIT
 * The book as JSON. */
#include "alert/alert_book_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/store_sealed.h"

#define NAME "alert/book"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- out ---- */

static json_t *text_or_null(const char *text)
{
    return text ? json_string_nocheck(text) : json_null();
}

static json_t *alert_json(const struct alert *a)
{
    return json_pack("{s:I,s:s,s:o,s:o,s:i,s:b,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:i,s:b,s:O,"
                     "s:O}",
                     "number", (json_int_t)a->number, "rule", conf_alert_rule_name(a->rule),
                     "subject", json_string_nocheck(a->subject), "cause",
                     json_string_nocheck(a->cause), "state", (int)a->state, "critical",
                     a->critical, "count", (json_int_t)a->count, "since", (json_int_t)a->since_ms,
                     "opened", (json_int_t)a->opened_ms, "told", (json_int_t)a->told_ms, "gone",
                     (json_int_t)a->gone_ms, "hold", (json_int_t)a->hold_ms, "until",
                     (json_int_t)a->until_ms, "seen", (json_int_t)a->seen_count, "who",
                     text_or_null(a->who), "silenced", text_or_null(a->silenced), "flaps",
                     a->flaps, "due", a->due, "facts", a->facts, "told_on", a->told_on);
}

json_t *alert_book_json(const struct alert_book *b)
{
    json_t *alerts = json_array(), *groups = json_array();
    bool good = alerts && groups;
    for (int i = 0; i < b->count && good; i++)
        good = json_array_append_new(alerts, alert_json(b->alerts[i])) == 0;
    for (int i = 0; i < b->group_count && good; i++)
        good = json_array_append_new(
                   groups, json_pack("{s:o,s:I,s:i}", "name",
                                     json_string_nocheck(b->groups[i].name), "last",
                                     (json_int_t)b->groups[i].last_ms, "times",
                                     b->groups[i].times)) == 0;
    json_t *out = good ? json_pack("{s:O,s:O,s:I,s:I,s:I,s:I}", "alerts", alerts, "groups", groups,
                                   "serial", (json_int_t)b->serial, "turn", (json_int_t)b->turn,
                                   "digest", (json_int_t)b->digest_ms, "weekly",
                                   (json_int_t)b->weekly_ms)
                       : NULL;
    json_decref(alerts);
    json_decref(groups);
    return out;
}

static json_t *moment(int64_t ms)
{
    char text[CLOCK_TEXT_BYTES];
    if (ms <= 0)
        return json_null();
    (void)clock_format(ms / 1000 * 1000, text);
    return json_string(text);
}

json_t *alert_book_json_row(const struct alert *a)
{
    return json_pack("{s:I,s:s,s:s,s:o,s:o,s:s,s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:i,s:O}", "alert",
                     (json_int_t)a->number, "rule", conf_alert_rule_name(a->rule), "severity",
                     a->critical ? "critical" : "warning", "subject",
                     json_string_nocheck(a->subject), "cause", json_string_nocheck(a->cause),
                     "state", alert_book_state_name(a->state), "count", (json_int_t)a->count,
                     "since", moment(a->since_ms), "opened", moment(a->opened_ms), "told",
                     moment(a->told_ms), "over", moment(a->gone_ms), "until", moment(a->until_ms),
                     "acknowledged", text_or_null(a->who), "silenced", text_or_null(a->silenced),
                     "flaps", a->flaps, "facts", a->facts);
}

/* ---- in ---- */

static const char *text_of(const json_t *one, const char *name)
{
    return json_string_value(json_object_get(one, name));
}

static int64_t number_of(const json_t *one, const char *name)
{
    return json_integer_value(json_object_get(one, name));
}

static int copy_text(const json_t *one, const char *name, char **out)
{
    const char *text = text_of(one, name);
    *out = text ? strdup(text) : NULL;
    return text && !*out ? -1 : 0;
}

static int read_alert(struct alert_book *b, const json_t *one, struct koppel_error *err)
{
    const char *rule = text_of(one, "rule"), *subject = text_of(one, "subject");
    const char *cause = text_of(one, "cause");
    int found = rule ? conf_alert_rule_find(rule) : -1;
    int64_t state = number_of(one, "state");
    if (found < 0 || !subject || !cause || state < ALERT_PENDING || state > ALERT_RESOLVED)
        return 0; /* of another version: what is still wrong is found anew */
    struct alert *a = alert_book_add(b, (enum conf_alert_name)found, subject, cause);
    if (!a)
        return b->count == ALERT_BOOK_MAX ? 0 : no_memory(err);
    a->number = number_of(one, "number");
    a->state = (enum alert_state)state;
    a->critical = json_is_true(json_object_get(one, "critical"));
    a->due = json_is_true(json_object_get(one, "due"));
    a->count = number_of(one, "count");
    a->since_ms = number_of(one, "since");
    a->opened_ms = number_of(one, "opened");
    a->told_ms = number_of(one, "told");
    a->gone_ms = number_of(one, "gone");
    a->hold_ms = number_of(one, "hold");
    a->until_ms = number_of(one, "until");
    a->seen_count = number_of(one, "seen");
    a->flaps = (int)number_of(one, "flaps");
    if (json_is_object(json_object_get(one, "facts")))
        json_object_update(a->facts, json_object_get(one, "facts"));
    if (json_is_array(json_object_get(one, "told_on")))
        json_array_extend(a->told_on, json_object_get(one, "told_on"));
    return copy_text(one, "who", &a->who) == 0 && copy_text(one, "silenced", &a->silenced) == 0
               ? 0
               : no_memory(err);
}

int alert_book_json_read(struct alert_book *b, const json_t *json, struct koppel_error *err)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(json, "alerts"), i, one) {
        if (read_alert(b, one, err) != 0)
            return -1;
    }
    json_array_foreach(json_object_get(json, "groups"), i, one) {
        const char *name = text_of(one, "name");
        struct alert_group *g = name ? alert_book_group(b, name) : NULL;
        if (name && !g)
            return no_memory(err);
        if (g) {
            g->last_ms = number_of(one, "last");
            g->times = (int)number_of(one, "times");
        }
    }
    b->serial = number_of(json, "serial");
    b->turn = number_of(json, "turn");
    b->digest_ms = number_of(json, "digest");
    b->weekly_ms = number_of(json, "weekly");
    return 0;
}

/* ---- the store ---- */

int alert_book_json_load(struct alert_book *b, struct store *s, int64_t *rev,
                         struct koppel_error *err)
{
    json_t *json;
    *rev = 0;
    if (store_sealed_get(s, NAME, &json, rev, err) != 0)
        return -1;
    int rc = alert_book_json_read(b, json, err);
    json_decref(json);
    return rc;
}

int alert_book_json_keep(const struct alert_book *b, struct store *s, int64_t rev, int *lost,
                         struct koppel_error *err)
{
    *lost = 0;
    return store_sealed_put(s, NAME, alert_book_json(b), rev, lost, err);
}
