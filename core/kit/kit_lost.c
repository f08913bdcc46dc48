/* SPDX-License-Identifier: MIT
 * What gets lost on its way. */
#include "kit/kit_lost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection/host.h"
#include "kit/kit_list.h"
#include "kit/kit_walk.h"

#define REQUESTS 3 /* of one call, that fail or are cut one after the other */
#define PARTS 2    /* of an answer, behind each of which it is cut */

/* The system that is asked, and what becomes of its answers. */
struct way {
    struct kit_host *host;
    kit_host_peer *peer; /* who answers; NULL: the system */
    void *peer_arg;
    int at, count;       /* which request, from 1; how many there were */
    int part;            /* of PARTS: what is left of its answer */
    bool refuse_writes;  /* else the answers to them are lost */
    bool reached;
};

static int answer_of(struct way *w, const struct koppel_http_request *request,
                     struct koppel_http_response *out, struct koppel_error *err)
{
    return w->peer ? w->peer(w->peer_arg, request, out, err)
                   : host_table.http(&w->host->ctx, request, out, err);
}

static int cut_answer(void *arg, const struct koppel_http_request *request,
                      struct koppel_http_response *out, struct koppel_error *err)
{
    struct way *w = arg;
    struct koppel_http_response whole = {.struct_size = sizeof whole};
    if (++w->count != w->at)
        return answer_of(w, request, out, err);
    if (answer_of(w, request, &whole, err) < 0)
        return -1;
    size_t bytes = (size_t)whole.body_bytes * (size_t)w->part / PARTS;
    w->reached = whole.body_bytes > PARTS;
    int rc = kit_host_answer(out, (int)whole.status, whole.content_type, whole.body, bytes, err);
    host_table.http_done(&w->host->ctx, &whole);
    return rc;
}

static int fail_answer(void *arg, const struct koppel_http_request *request,
                       struct koppel_http_response *out, struct koppel_error *err)
{
    struct way *w = arg;
    bool write = request->flags & KOPPEL_HTTP_WRITE; /* of those group W */
    if (write || ++w->count != w->at)
        return answer_of(w, request, out, err);
    w->reached = true;
    return err_set(err, KOPPEL_E_RETRY, "the kit lets request %d fail", w->at);
}

static int write_answer(void *arg, const struct koppel_http_request *request,
                        struct koppel_http_response *out, struct koppel_error *err)
{
    struct way *w = arg;
    struct koppel_http_response lost = {.struct_size = sizeof lost};
    if (!(request->flags & KOPPEL_HTTP_WRITE))
        return answer_of(w, request, out, err);
    w->reached = true;
    if (w->refuse_writes)
        return err_set(err, KOPPEL_E_RETRY, "the kit did not send it");
    if (answer_of(w, request, &lost, err) < 0)
        return -1;
    host_table.http_done(&w->host->ctx, &lost);
    return err_set(err, KOPPEL_E_UNSURE, "the kit lost the answer");
}

/* One call by this way; a: its answer (kit_session_done). -1: text says what is wrong. */
static int ask(const struct kit_run *r, const struct kit_step *step, struct way *w,
               kit_host_peer *peer, struct kit_answer *a, char *text, size_t room)
{
    struct kit_session s = {0};
    if (kit_list_open(&s, r, text, room) < 0)
        return -1;
    w->host = &s.host;
    w->peer = s.host.peer;
    w->peer_arg = s.host.peer_arg;
    s.host.peer = peer;
    s.host.peer_arg = w;
    kit_session_ask(&s, step, a);
    int rc = kit_session_fault(step, a, text, room) ? -1 : 0;
    if (rc < 0)
        kit_session_done(a);
    kit_session_close(&s);
    return rc;
}

/* Every step but writes, each of its first requests in turn. */
static enum kit_child_outcome each_request(const struct kit_run *r, kit_host_peer *peer, int parts,
                                           const char *words)
{
    static struct kit_walk plan;
    char text[KIT_CHILD_TEXT_BYTES] = "", name[128];
    enum kit_child_outcome outcome = KIT_PASS;
    int reached = 0;
    kit_walk_plan(r, false, &plan);
    for (int i = 0; i < plan.count && outcome == KIT_PASS; i++) {
        const struct kit_step *step = &plan.steps[i];
        bool more = step->op != KIT_VERIFY && step->op != KIT_DESCRIBE;
        for (int at = 1; more && at <= REQUESTS && outcome == KIT_PASS; at++) {
            for (int part = parts ? 1 : 0; part <= parts && outcome == KIT_PASS; part++) {
                struct way w = {.at = at, .part = part};
                struct kit_answer a;
                if (ask(r, step, &w, peer, &a, text, sizeof text) < 0)
                    outcome = kit_child_fail("%s", text);
                else if (w.reached && !kit_session_failure(&a))
                    outcome = kit_child_fail("%s: request %d of it %s, and it takes that for a "
                                             "success",
                                             kit_session_words(step, name, sizeof name), at, words);
                if (outcome == KIT_PASS)
                    kit_session_done(&a);
                more = w.reached;
                reached += w.reached;
            }
        }
    }
    kit_walk_done(&plan);
    return outcome == KIT_PASS && !reached ? kit_child_nothing("it sends no requests") : outcome;
}

static enum kit_child_outcome cut(const struct kit_run *r)
{
    return each_request(r, cut_answer, PARTS - 1, "was answered in part");
}

static enum kit_child_outcome fails(const struct kit_run *r)
{
    return each_request(r, fail_answer, 0, "failed");
}

/* ---- writes ---- */

static enum kit_child_outcome writes(const struct kit_run *r, bool refuse, int want)
{
    const struct catalogue *c = r->catalogue;
    char text[KIT_CHILD_TEXT_BYTES];
    int count = 0;
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        json_t *record = e->can & CAN_CREATE ? kit_walk_noted(r, e) : NULL;
        struct kit_step step = {.op = KIT_WRITE, .entity = e, .verb = KOPPEL_VERB_CREATE,
                                .record = record, .count = 1, .job = "kit/flow/0/2/2"};
        struct way w = {.refuse_writes = refuse};
        struct kit_answer a;
        if (!record)
            continue;
        int rc = ask(r, &step, &w, write_answer, &a, text, sizeof text);
        const struct koppel_error *why = rc == 0 ? kit_session_failure(&a) : NULL;
        int kind = why ? why->kind : 0;
        if (rc == 0)
            kit_session_done(&a);
        json_decref(record);
        if (!w.reached)
            continue; /* nothing went out */
        if (rc < 0)
            return kit_child_fail("%s", text);
        count++;
        if (kind != want)
            return kit_child_fail("create of %s: %s, and it makes %s of that", e->name,
                                  refuse ? "nothing was sent" : "the answer was lost",
                                  kind ? err_kind_name(kind) : "a success");
    }
    return count ? KIT_PASS
                 : kit_child_nothing("%s.test.conf gives no record that is written by HTTP",
                                     r->plugin->entry.name);
}

static enum kit_child_outcome answer_lost(const struct kit_run *r)
{
    return writes(r, false, KOPPEL_E_UNSURE);
}

static enum kit_child_outcome not_sent(const struct kit_run *r)
{
    return writes(r, true, KOPPEL_E_RETRY);
}

const struct kit_check kit_lost_checks[] = {
    {"H13", KIT_CONNECTOR | KIT_LIVE, "an answer that is cut is a failure",
     "Connections end in the middle of a list; what is missing must not count as not there.", cut},
    {"H14", KIT_CONNECTOR | KIT_LIVE, "a request that fails in the middle ends the call",
     "What was found until then is not all; return -1 with the host's own failure.", fails},
    {"W8", KIT_CONNECTOR | KIT_LIVE, "a write whose answer is lost is UNSURE",
     "It was done, and is looked for before anything else; return -1 with the host's own failure.",
     answer_lost},
    {"W9", KIT_CONNECTOR | KIT_LIVE, "a write that was not sent is RETRY",
     "Nothing happened, so it is simply sent again; return -1 with the host's own failure.",
     not_sent},
    {0},
};
