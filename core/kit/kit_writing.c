/* SPDX-License-Identifier: MIT
 * Group W: writes the records that the author gives for it, and nothing else. */
#include "kit/kit_writing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_kit.h"
#include "kit/kit_list.h"
#include "kit/kit_tape.h"
#include "kit/kit_walk.h"

typedef enum kit_child_outcome check_write(const struct kit_run *r, const struct cat_entity *e,
                                           json_t *record);

static enum kit_child_outcome each(const struct kit_run *r, unsigned can, check_write *check)
{
    const struct catalogue *c = r->catalogue;
    int count = 0, asked = 0;
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        json_t *record = (e->can & can) == can ? kit_walk_noted(r, e) : NULL;
        if (!record)
            continue;
        enum kit_child_outcome outcome = check(r, e, record);
        json_decref(record);
        asked++;
        count += outcome == KIT_PASS;
        if (outcome == KIT_FAIL)
            return outcome;
    }
    if (count || asked) /* a check that found nothing has said why */
        return count ? KIT_PASS : KIT_NOTHING;
    return kit_child_nothing("%s.test.conf gives no record of such an entity to write",
                             r->plugin->entry.name);
}

/* Writes; *id: the peer's (free it). -1: text. */
static int write_it(const struct kit_run *r, const struct cat_entity *e, uint32_t verb,
                    uint32_t flags, const char *job, const char *on, json_t *record, char **id,
                    char *text, size_t room)
{
    const struct kit_step step = {.op = KIT_WRITE, .entity = e, .verb = verb, .flags = flags,
                                  .job = job, .id = on, .record = record, .count = 1};
    struct kit_answer a;
    char words[128];
    *id = NULL;
    if (kit_list_ask(r, &step, &a, text, room) < 0)
        return -1;
    const struct koppel_error *why = kit_session_failure(&a);
    const struct result_entry *first = &a.results.entries[0];
    if (why)
        snprintf(text, room, "%s failed: %s", kit_session_words(&step, words, sizeof words),
                 why->text);
    else if (first->hit_count > 0 && first->hits[0].id)
        *id = strdup(first->hits[0].id);
    int rc = why ? -1 : 0;
    kit_session_done(&a);
    return rc;
}

/* Job names that no run before had; the same ones where a recording is given again, as they are in
 * what was asked. Each check has a process of its own, so `what` tells its jobs from others'. */
static void job_name(const struct kit_run *r, const char *what, char out[80])
{
    static int number;
    struct koppel_error lost = {0};
    if (r->record && number == 0)
        (void)kit_tape_keep_jobs(r->record, r->jobs, &lost); /* the answers say if it is lost */
    snprintf(out, 80, "kit-%s/flow/0/%d/%.30s", r->jobs, ++number, what);
}

/* What the others begin with; they have nothing to check where it fails. -1: it does. */
static int made(const struct kit_run *r, const struct cat_entity *e, const char *job,
                json_t *record, char **id)
{
    char text[KIT_CHILD_TEXT_BYTES];
    if (write_it(r, e, KOPPEL_VERB_CREATE, 0, job, NULL, record, id, text, sizeof text) == 0)
        return 0;
    (void)kit_child_nothing("nothing can be made; W1 says why");
    return -1;
}

static enum kit_child_outcome create(const struct kit_run *r, const struct cat_entity *e,
                                     json_t *record)
{
    char text[KIT_CHILD_TEXT_BYTES], job[80], *id = NULL;
    job_name(r, "create", job);
    if (write_it(r, e, KOPPEL_VERB_CREATE, 0, job, NULL, record, &id, text, sizeof text) < 0)
        return kit_child_fail("%s", text);
    free(id);
    return KIT_PASS;
}

static enum kit_child_outcome creates(const struct kit_run *r)
{
    return each(r, CAN_CREATE, create);
}

static enum kit_child_outcome same_job(const struct kit_run *r, const struct cat_entity *e,
                                       json_t *record)
{
    char text[KIT_CHILD_TEXT_BYTES], job[80], *first = NULL, *second = NULL;
    if (e->repeat != REPEAT_IDEMPOTENT && e->repeat != REPEAT_UPSERT)
        return kit_child_nothing("no entity says that the peer knows a job again");
    job_name(r, "twice", job);
    if (made(r, e, job, record, &first) < 0)
        return KIT_NOTHING;
    int rc = write_it(r, e, KOPPEL_VERB_CREATE, 0, job, NULL, record, &second, text, sizeof text);
    bool same = first && second && strcmp(first, second) == 0;
    free(first);
    free(second);
    if (rc < 0)
        return kit_child_fail("%s", text);
    return same ? KIT_PASS
                : kit_child_fail("create of %s: the same job sent twice makes two records",
                                 e->name);
}

static enum kit_child_outcome repeats(const struct kit_run *r)
{
    return each(r, CAN_CREATE, same_job);
}

static enum kit_child_outcome update(const struct kit_run *r, const struct cat_entity *e,
                                     json_t *record)
{
    char text[KIT_CHILD_TEXT_BYTES], job[80], *id = NULL, *same = NULL;
    job_name(r, "update", job);
    if (made(r, e, job, record, &id) < 0)
        return KIT_NOTHING;
    int rc = write_it(r, e, KOPPEL_VERB_UPDATE, 0, job, id, record, &same, text, sizeof text);
    bool other = same && id && strcmp(same, id) != 0;
    free(id);
    free(same);
    if (rc < 0)
        return kit_child_fail("%s", text);
    return other ? kit_child_fail("update of %s gives another id than it was told", e->name)
                 : KIT_PASS;
}

static enum kit_child_outcome updates(const struct kit_run *r)
{
    return each(r, CAN_CREATE | CAN_UPDATE, update);
}

static enum kit_child_outcome drop(const struct kit_run *r, const struct cat_entity *e,
                                     json_t *record)
{
    char text[KIT_CHILD_TEXT_BYTES], job[80], *id = NULL, *none = NULL;
    job_name(r, "remove", job);
    if (made(r, e, job, record, &id) < 0)
        return KIT_NOTHING;
    int rc = write_it(r, e, KOPPEL_VERB_REMOVE, 0, job, id, record, &none, text, sizeof text);
    free(id);
    free(none);
    return rc < 0 ? kit_child_fail("%s", text) : KIT_PASS;
}

static enum kit_child_outcome removes(const struct kit_run *r)
{
    return each(r, CAN_CREATE | CAN_REMOVE, drop);
}

/* How many records there are; -1: nobody can tell, and text says why. */
static int count_all(const struct kit_run *r, const struct cat_entity *e, char *text, size_t room)
{
    struct kit_list list = {0};
    bool can = e->can & CAN_READ;
    int rc = can ? kit_list_read(r, e, 0, NULL, &list, text, room) : -1, count = -1;
    if (!can)
        snprintf(text, room, "%s is not read, so nobody can see what a dry run leaves", e->name);
    else if (rc == 0 && list.cut)
        snprintf(text, room, "the list of %s is too long to see what a dry run leaves", e->name);
    else if (rc == 0)
        count = list.count;
    kit_list_done(&list);
    return count;
}

static enum kit_child_outcome dry(const struct kit_run *r, const struct cat_entity *e,
                                  json_t *record)
{
    const struct kit_step step = {.op = KIT_WRITE, .entity = e, .verb = KOPPEL_VERB_CREATE,
                                  .flags = KOPPEL_WRITE_DRY_RUN, .record = record, .count = 1};
    struct kit_answer a;
    char text[KIT_CHILD_TEXT_BYTES] = "", why[KIT_CHILD_TEXT_BYTES] = "";
    int before = count_all(r, e, why, sizeof why);
    if (kit_list_ask(r, &step, &a, text, sizeof text) < 0)
        return kit_child_fail("%s", text);
    kit_session_done(&a);
    int after = before < 0 ? -1 : count_all(r, e, why, sizeof why);
    if (after < 0)
        return kit_child_nothing("%s", why);
    return after == before ? KIT_PASS
                           : kit_child_fail("create of %s as a dry run leaves a record", e->name);
}

static enum kit_child_outcome dry_runs(const struct kit_run *r)
{
    return each(r, CAN_CREATE | CAN_DRY_RUN, dry);
}

/* What was given is given back untouched. */
static enum kit_child_outcome borrow(const struct kit_run *r, const struct cat_entity *e,
                                     json_t *record)
{
    char job[80], *id = NULL;
    json_t *before = json_deep_copy(record);
    size_t held = record->refcount;
    job_name(r, "borrow", job);
    int rc = made(r, e, job, record, &id);
    bool same = json_equal(before, record) && record->refcount == held;
    json_decref(before);
    free(id);
    if (rc < 0)
        return KIT_NOTHING;
    return same ? KIT_PASS
                : kit_child_fail("create of %s changes the record that it was lent, or keeps it",
                                 e->name);
}

static enum kit_child_outcome borrows(const struct kit_run *r)
{
    return each(r, CAN_CREATE, borrow);
}

static enum kit_child_outcome declares(const struct kit_run *r)
{
    const struct catalogue *c = r->catalogue;
    int count = 0;
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        if (!(e->can & CAN_SHOW))
            continue;
        count++;
        if (!r->plugin->connector.write)
            return kit_child_fail("\"%s\" says \"show\" and there is no write()", e->name);
    }
    return count ? KIT_PASS : kit_child_nothing("no entity says \"show\"");
}

/* "show": the first request that changes something has KOPPEL_HTTP_WRITE, and its end is kept. */
static enum kit_child_outcome show(const struct kit_run *r, const struct cat_entity *e,
                                   json_t *record)
{
    struct kit_session s = {0};
    struct kit_step step = {.op = KIT_WRITE, .entity = e, .verb = KOPPEL_VERB_CREATE,
                            .record = record, .count = 1};
    struct kit_answer a;
    char text[KIT_CHILD_TEXT_BYTES];
    enum kit_child_outcome outcome = KIT_PASS;
    json_t *captured = json_array();
    s.host.ctx.captured = captured;
    if (kit_list_open(&s, r, text, sizeof text) < 0)
        return kit_child_fail("%s", text);
    s.host.ctx.captured = captured;
    kit_session_ask(&s, &step, &a);
    const struct koppel_error *e2 = kit_session_failure(&a);
    if (json_array_size(captured) != 1)
        outcome = kit_child_fail("create of %s: %zu requests with KOPPEL_HTTP_WRITE were made, "
                                 "not 1", e->name, json_array_size(captured));
    else if (!e2 || e2->kind != KOPPEL_E_CANCELLED)
        outcome = kit_child_fail("create of %s goes on after a request that was only shown",
                                 e->name);
    kit_session_done(&a);
    kit_session_close(&s);
    json_decref(captured);
    return outcome;
}

static enum kit_child_outcome shows(const struct kit_run *r)
{
    return declares(r) == KIT_PASS ? each(r, CAN_CREATE | CAN_SHOW, show) : KIT_NOTHING;
}

const struct kit_check kit_writing_checks[] = {
    {"W1", KIT_CONNECTOR | KIT_LIVE, "what is made is done, with the peer's id",
     "By its id it is updated and found again; give it to host->result_done.", creates},
    {"W2", KIT_CONNECTOR | KIT_LIVE, "the same job twice is one record",
     "Jobs are sent again after a crash; \"idempotent\" and \"upsert\" promise that the peer knows "
     "them: send item->job as key.", repeats},
    {"W3", KIT_CONNECTOR | KIT_LIVE, "an update keeps its id",
     "The link hangs on it; give the id that item->id told.", updates},
    {"W4", KIT_CONNECTOR | KIT_LIVE, "what was made can be removed",
     "\"remove\" promises it; leave the word out of \"can\" where the peer cannot.", removes},
    {"W5", KIT_CONNECTOR | KIT_LIVE, "a dry run writes nothing",
     "Previews ask for it at the live system; refuse it where the peer cannot only look.",
     dry_runs},
    {"W6", KIT_CONNECTOR | KIT_LIVE, "what is lent is given back as it was",
     "The record is compared and stored afterwards; copy it before changing it, and free what was "
     "taken.", borrows},
    {"W7", KIT_CONNECTOR | KIT_LIVE, "what says \"show\" writes by HTTP alone, and stops there",
     "A preview catches the first request with KOPPEL_HTTP_WRITE; end on its failure.", shows},
    {0},
};
