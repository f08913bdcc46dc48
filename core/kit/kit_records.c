/* SPDX-License-Identifier: MIT
 * Groups P and R: against somebody who answers. */
#include "kit/kit_records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/date.h"
#include "kit/kit_list.h"
#include "kit/kit_walk.h"

/* ---- P ---- */

static bool judge_probe(void *arg, struct kit_session *s, const struct kit_step *step,
                        const struct kit_answer *a, char *text, size_t room)
{
    (void)arg;
    if (step->op != KIT_PROBE)
        return true;
    if (a->rc < 0)
        snprintf(text, room, "probe failed: %s", a->err.text);
    else if (s->host.writes > 0 || s->host.reads_that_write > 0)
        snprintf(text, room, "probe sent a request that changes something");
    else if (s->host.facts == 0)
        snprintf(text, room, "probe gave neither a fact nor a step");
    return false; /* it is the first step */
}

static enum kit_child_outcome probes(const struct kit_run *r)
{
    struct kit_walk_manner m = {.conf = r->conf, .judge = judge_probe};
    return kit_walk_all(r, &m, NULL);
}

static bool judge_lists(void *arg, struct kit_session *s, const struct kit_step *step,
                        const struct kit_answer *a, char *text, size_t room)
{
    char words[128];
    (void)s;
    *(int *)arg += step->op == KIT_CHOICES;
    if (step->op == KIT_CHOICES && a->rc < 0)
        snprintf(text, room, "%s failed: %s", kit_session_words(step, words, sizeof words),
                 a->err.text);
    return true;
}

static enum kit_child_outcome lists(const struct kit_run *r)
{
    int count = 0;
    struct kit_walk_manner m = {.conf = r->conf, .judge = judge_lists, .arg = &count};
    enum kit_child_outcome outcome = kit_walk_all(r, &m, NULL);
    return outcome == KIT_PASS && count == 0 ? kit_child_nothing("it names no choice lists")
                                             : outcome;
}

static bool judge_methods(void *arg, struct kit_session *s, const struct kit_step *step,
                          const struct kit_answer *a, char *text, size_t room)
{
    char words[128];
    (void)arg;
    (void)a;
    if (s->host.writes > 0 || s->host.reads_that_write > 0)
        snprintf(text, room, "%s sent a request that changes something",
                 kit_session_words(step, words, sizeof words));
    return true;
}

static enum kit_child_outcome only_looks(const struct kit_run *r)
{
    struct kit_walk_manner m = {.conf = r->conf, .judge = judge_methods};
    return kit_walk_all(r, &m, NULL);
}

/* ---- R: each entity that can be read ---- */

typedef enum kit_child_outcome check_list(const struct kit_run *r, const struct cat_entity *e,
                                          const struct kit_list *whole);

/* Runs the check for each entity, with its whole list. Of an empty one it would find nothing wrong,
 * and nothing right. */
static enum kit_child_outcome each(const struct kit_run *r, check_list *check)
{
    const struct catalogue *c = r->catalogue;
    char text[KIT_CHILD_TEXT_BYTES];
    int count = 0, passed = 0;
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        struct kit_list whole = {0};
        if (!(e->can & CAN_READ))
            continue;
        count++;
        enum kit_child_outcome outcome = KIT_PASS;
        if (kit_list_read(r, e, 0, NULL, &whole, text, sizeof text) < 0)
            outcome = check ? kit_child_nothing("its list cannot be read; R1 says why")
                            : kit_child_fail("%s", text);
        else if (check && whole.count == 0)
            outcome = kit_child_nothing("no list has a record");
        else if (check)
            outcome = check(r, e, &whole);
        kit_list_done(&whole);
        if (outcome == KIT_FAIL)
            return outcome;
        passed += outcome == KIT_PASS;
    }
    if (count == 0)
        return kit_child_nothing("it reads nothing");
    return passed ? KIT_PASS : KIT_NOTHING;
}

static enum kit_child_outcome ends(const struct kit_run *r)
{
    return each(r, NULL);
}

/* A key of b that a does not hold, or with versions: holds in a lower one. NULL: none. */
static const char *lacks(const struct kit_list *a, const struct kit_list *b, bool versions)
{
    for (int i = 0; i < b->count; i++) {
        const struct kit_list_record *same = kit_list_find(a, b->records[i].key);
        if (!same || (versions && same->version < b->records[i].version))
            return b->records[i].key;
    }
    return NULL;
}

static enum kit_child_outcome twice(const struct kit_run *r, const struct cat_entity *e,
                                    const struct kit_list *whole)
{
    struct kit_list again = {0};
    char text[KIT_CHILD_TEXT_BYTES];
    if (kit_list_read(r, e, 0, NULL, &again, text, sizeof text) < 0)
        return kit_child_fail("%s", text);
    const char *key = lacks(&again, whole, true);
    enum kit_child_outcome outcome =
        key ? kit_child_fail("read of %s: the second time %s is missing, or has a lower version",
                             e->name, key)
            : KIT_PASS;
    kit_list_done(&again);
    return outcome;
}

static enum kit_child_outcome reads_twice(const struct kit_run *r)
{
    return each(r, twice);
}

static enum kit_child_outcome limits(const struct kit_run *r, const struct cat_entity *e,
                                     const struct kit_list *whole)
{
    static const uint32_t all[] = {1, 7};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct kit_list list = {0};
        char text[KIT_CHILD_TEXT_BYTES];
        if (whole->cut)
            return kit_child_nothing("the list of %s is too long to be read again", e->name);
        if (kit_list_read(r, e, all[i], NULL, &list, text, sizeof text) < 0) {
            kit_list_done(&list);
            return kit_child_fail("%s", text);
        }
        const char *key = list.cut ? NULL : lacks(&list, whole, false);
        bool lost = key != NULL;
        enum kit_child_outcome outcome =
            lost ? kit_child_fail("read of %s with limit %u lacks %s", e->name, all[i], key)
                 : KIT_PASS;
        kit_list_done(&list);
        if (lost)
            return outcome;
    }
    return KIT_PASS;
}

static enum kit_child_outcome any_limit(const struct kit_run *r)
{
    return each(r, limits);
}

static enum kit_child_outcome behind(const struct kit_run *r, const struct cat_entity *e,
                                     const struct kit_list *whole)
{
    struct kit_list rest = {0};
    char text[KIT_CHILD_TEXT_BYTES];
    const char *key = NULL;
    if (whole->first_count >= whole->count || !whole->first_cursor || e->numbered)
        return kit_child_nothing("no list has a second page that a cursor leads to");
    if (kit_list_read(r, e, 0, whole->first_cursor, &rest, text, sizeof text) < 0)
        return kit_child_fail("%s", text);
    for (int i = whole->first_count; i < whole->count && !rest.cut && !key; i++)
        key = kit_list_find(&rest, whole->records[i].key) ? NULL : whole->records[i].key;
    enum kit_child_outcome outcome =
        key ? kit_child_fail("read of %s from the cursor behind its first page lacks %s", e->name,
                             key)
            : KIT_PASS;
    kit_list_done(&rest);
    return outcome;
}

/* What stands behind the first page's cursor, read anew, is what the whole list has there. A list
 * of one page is read in smaller ones. */
static enum kit_child_outcome cut(const struct kit_run *r, const struct cat_entity *e,
                                  const struct kit_list *whole)
{
    struct kit_list small = {0};
    char text[KIT_CHILD_TEXT_BYTES];
    if (whole->first_count < whole->count || e->numbered)
        return behind(r, e, whole);
    enum kit_child_outcome outcome =
        kit_list_read(r, e, 1, NULL, &small, text, sizeof text) == 0
            ? behind(r, e, &small)
            : kit_child_nothing("it cannot be read in smaller pages; R3 says why");
    kit_list_done(&small);
    return outcome;
}

static enum kit_child_outcome goes_on(const struct kit_run *r)
{
    return each(r, cut);
}

struct elsewhere {
    const struct kit_run *run;
    const struct cat_entity *entity;
    const struct kit_list *whole;
};

static enum kit_child_outcome go_on_elsewhere(void *arg)
{
    struct elsewhere *x = arg;
    return cut(x->run, x->entity, x->whole);
}

static enum kit_child_outcome cut_elsewhere(const struct kit_run *r, const struct cat_entity *e,
                                            const struct kit_list *whole)
{
    struct elsewhere x = {r, e, whole};
    enum kit_child_outcome here = cut(r, e, whole);
    if (here == KIT_FAIL)
        return kit_child_nothing("it does not go on in this process either; R4 says why");
    if (here == KIT_NOTHING)
        return here;
    return kit_child_beside(go_on_elsewhere, &x);
}

static enum kit_child_outcome other_process(const struct kit_run *r)
{
    return each(r, cut_elsewhere);
}

/* ---- values ---- */

static bool fits(const struct cat_field *f, const json_t *value)
{
    char why[DATE_WHY_BYTES];
    struct decimal decimal;
    struct date date;
    const char *text = json_string_value(value);
    if (!value || json_is_null(value) || (text && !*text))
        return true;
    switch (f->type) {
    case FIELD_DECIMAL:
        return json_is_integer(value) || (text && decimal_parse(text, &decimal) == 0);
    case FIELD_INTEGER:
        return json_is_integer(value) || (text && strspn(text, "-0123456789") == strlen(text));
    case FIELD_BOOLEAN:
        return json_is_boolean(value) || json_is_integer(value) || text;
    case FIELD_DATE:
    case FIELD_TIME:
        return text && date_parse(text, &date, why) == 0;
    case FIELD_OBJECT:
        return json_is_object(value);
    case FIELD_LIST:
        return json_is_array(value);
    default:
        return text || json_is_integer(value) || json_is_boolean(value);
    }
}

static const char *unfit(const struct cat_field *fields, int count, const json_t *record)
{
    json_t *element;
    size_t k;
    for (int i = 0; i < count; i++) {
        const struct cat_field *f = &fields[i];
        const json_t *value = json_object_get(record, f->name);
        const char *inner = NULL;
        if (!fits(f, value))
            return f->name;
        if (f->type == FIELD_OBJECT && f->field_count > 0)
            inner = unfit(f->fields, f->field_count, value);
        json_array_foreach(value, k, element) {
            if (!inner && f->type == FIELD_LIST && f->field_count > 0)
                inner = unfit(f->fields, f->field_count, element);
        }
        if (inner)
            return inner;
    }
    return NULL;
}

static enum kit_child_outcome values(const struct kit_run *r, const struct cat_entity *e,
                                     const struct kit_list *whole)
{
    (void)r;
    for (int i = 0; i < whole->count; i++) {
        const char *name = unfit(e->fields, e->field_count, whole->records[i].record);
        if (name)
            return kit_child_fail("read of %s: field \"%s\" of %s is not of the type that the "
                                  "catalogue gives it", e->name, name, whole->records[i].key);
    }
    return KIT_PASS;
}

static enum kit_child_outcome fields_fit(const struct kit_run *r)
{
    return each(r, values);
}

static enum kit_child_outcome one_key(const struct kit_run *r, const struct cat_entity *e,
                                      const struct kit_list *whole)
{
    (void)r;
    for (int i = 0; i < whole->count && e->snapshot; i++) {
        if (kit_list_find(whole, whole->records[i].key) != &whole->records[i])
            return kit_child_fail("read of %s: the key %s stands twice in one list", e->name,
                                  whole->records[i].key);
    }
    for (int i = 0; i < whole->count; i++) {
        const char *key = whole->records[i].key;
        if (*key == ' ' || key[strlen(key) - 1] == ' ' || strcmp(key, "null") == 0)
            return kit_child_fail("read of %s: \"%s\" is no key", e->name, key);
    }
    return KIT_PASS;
}

static enum kit_child_outcome keys_tell(const struct kit_run *r)
{
    return each(r, one_key);
}

/* ---- cursors that are none ---- */

static enum kit_child_outcome garbage(const struct kit_run *r, const struct cat_entity *e,
                                      const struct kit_list *whole)
{
    static const char *const cursors[] = {"garbage", "{\"x\": 1}", "-1", "\xc3\xa9"};
    (void)whole;
    if (e->snapshot)
        return kit_child_nothing("each list is read from its beginning each time");
    for (size_t i = 0; i < sizeof cursors / sizeof cursors[0]; i++) {
        const struct kit_step step = {.op = KIT_READ, .entity = e, .cursor = cursors[i]};
        struct kit_answer a;
        char text[KIT_CHILD_TEXT_BYTES];
        if (kit_list_ask(r, &step, &a, text, sizeof text) < 0)
            return kit_child_fail("%s", text);
        bool silent = a.rc == 0 && a.batch.count == 0 && !a.batch.more;
        kit_session_done(&a);
        if (silent)
            return kit_child_fail("read of %s with the cursor \"%s\" ends well with nothing, so "
                                  "all records would be passed over", e->name, cursors[i]);
    }
    return KIT_PASS;
}

static enum kit_child_outcome no_silence(const struct kit_run *r)
{
    return each(r, garbage);
}

/* ---- the host refuses what is reported ---- */

static void refuse(void *arg, struct kit_host *host, const struct kit_step *step)
{
    (void)step;
    host->fail_calls = KIT_HOST_REPORT;
    host->fail_at = *(int *)arg;
}

static bool judge_refused(void *arg, struct kit_session *s, const struct kit_step *step,
                          const struct kit_answer *a, char *text, size_t room)
{
    char words[128];
    (void)arg;
    if (s->host.failed && a->rc == 0)
        snprintf(text, room, "%s goes on although the host refused what it reported",
                 kit_session_words(step, words, sizeof words));
    return true;
}

static enum kit_child_outcome report_refused(const struct kit_run *r)
{
    enum kit_child_outcome outcome = KIT_PASS;
    for (int at = 1; outcome == KIT_PASS && at <= 3; at++) {
        struct kit_walk_manner m = {.conf = r->conf, .judge = judge_refused, .arg = &at,
                                    .before = refuse};
        outcome = kit_walk_all(r, &m, NULL);
    }
    return outcome;
}

const struct kit_check kit_records_checks[] = {
    {"P1", KIT_CONNECTOR | KIT_LIVE, "probe() succeeds, tells something and changes nothing",
     "It is what `koppel connection test` shows; give facts by host->row and steps by host->step.",
     probes},
    {"P2", KIT_CONNECTOR | KIT_LIVE, "each choice list is given",
     "Settings and tables are checked against it; answer every name of \"choices\".", lists},
    {"P3", KIT_CONNECTOR | KIT_LIVE, "only write() changes something at the peer",
     "Previews and checks call all else freely; send what changes something in write() alone.",
     only_looks},
    {"R1", KIT_CONNECTOR | KIT_LIVE, "reading comes to its end",
     "A cursor that stands still with more to come is asked for ever; move it, or say that nothing "
     "more follows.", ends},
    {"R2", KIT_CONNECTOR | KIT_LIVE, "the same cursor gives the same or newer records",
     "After a crash a page is read again; the cursor alone decides what comes, nothing that the "
     "instance remembers.", reads_twice},
    {"R3", KIT_CONNECTOR | KIT_LIVE, "no limit loses a record",
     "The limit is a hint; where it cuts a page, the cursor stands behind the last record given.",
     any_limit},
    {"R4", KIT_CONNECTOR | KIT_LIVE, "reading goes on behind any page",
     "Runs end anywhere; what the cursor covers was given, and what was not is behind it.",
     goes_on},
    {"R5", KIT_CONNECTOR | KIT_LIVE, "a cursor holds in another process",
     "It is stored and used weeks later; put all that reading needs into its text.",
     other_process},
    {"R6", KIT_CONNECTOR | KIT_LIVE, "fields have the types of the catalogue",
     "Mappings are checked by them; amounts are exact text, dates are dates.", fields_fit},
    {"R7", KIT_CONNECTOR | KIT_LIVE, "a key names one record",
     "Links hang on it for ever; take the peer's id, not a place in the list.", keys_tell},
    {"R8", KIT_CONNECTOR | KIT_LIVE, "a cursor that is none is told",
     "Silence would pass over every record; fail with KOPPEL_E_CONFIG or begin anew.",
     no_silence},
    {"R9", KIT_CONNECTOR | KIT_LIVE, "what the host refuses ends the call",
     "A record that was not taken must not be covered by a cursor; return -1 as soon as emit, row "
     "or result_done does.", report_refused},
    {0},
};
