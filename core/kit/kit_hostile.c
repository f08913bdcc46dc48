/* SPDX-License-Identifier: MIT
 * Group H: the failures of peers, one manner after the other, at everything that can be asked. */
#include "kit/kit_hostile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit/kit_broken.h"
#include "kit/kit_peer.h"
#include "kit/kit_walk.h"

#define AGAIN_MAX 8 /* requests of one call to a peer that always fails alike */
#define PAGE "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon</body>"
#define RETRY_AFTER_MS 7000

/* One manner in which a peer fails, and what was seen of it. */
struct manner {
    const struct kit_run *run;
    struct kit_peer peer;
    int requests;
};

static bool writes(const struct kit_step *step)
{
    return step->op == KIT_WRITE || step->op == KIT_SUBSCRIBE || step->op == KIT_UNSUBSCRIBE;
}

/* A write that nobody knows the end of is looked for; RETRY would make it twice, and what parks it
 * says that it was not done. */
static bool leaves_open(const struct koppel_error *e)
{
    return e->kind == KOPPEL_E_UNSURE || e->kind == KOPPEL_E_EXISTS;
}

static bool say(char *text, size_t room, const struct kit_step *step, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static bool say(char *text, size_t room, const struct kit_step *step, const char *format, ...)
{
    char words[128];
    va_list args;
    int n = snprintf(text, room, "%s: ", kit_session_words(step, words, sizeof words));
    va_start(args, format);
    vsnprintf(text + n, room - (size_t)n, format, args);
    va_end(args);
    return false;
}

/* Walks with the peer in every call. nothing: what to say where no request ever left. */
static enum kit_child_outcome walk(struct manner *m, kit_walk_judge *judge)
{
    struct kit_walk_manner w = {.host = {.peer = kit_peer_answer, .peer_arg = &m->peer},
                                .writing = true, .judge = judge, .arg = m};
    return kit_walk_all(m->run, &w, &m->requests);
}

static enum kit_child_outcome ended(enum kit_child_outcome outcome, const struct manner *m)
{
    if (outcome == KIT_PASS && m->requests == 0)
        return kit_child_nothing("it sends no requests");
    return outcome;
}

/* ---- statuses ---- */

static bool judge_4xx(void *arg, struct kit_session *s, const struct kit_step *step,
                      const struct kit_answer *a, char *text, size_t room)
{
    const struct manner *m = arg;
    const struct koppel_error *e = kit_session_failure(a);
    char status[8];
    bool gone = m->peer.status == 404 || m->peer.status == 410;
    snprintf(status, sizeof status, "%d", m->peer.status);
    if (s->host.requests == 0)
        return true;
    if (!e)
        return gone || step->op == KIT_VERIFY || step->op == KIT_DESCRIBE ||
               say(text, room, step, "it takes the status %s for a success", status);
    if (e->kind == KOPPEL_E_BUG || e->kind == KOPPEL_E_CANCELLED)
        return say(text, room, step, "it makes %s of the status %s", err_kind_name(e->kind),
                   status);
    if (s->host.writes > 0 && e->kind == KOPPEL_E_RETRY &&
        strcmp(e->reason, KOPPEL_REASON_DOWN) != 0 &&
        m->peer.status != 409 && m->peer.status != 412 && !gone)
        return say(text, room, step, "it makes RETRY of the status %s, so it is sent again for "
                   "ever", status);
    return true;
}

static bool judge_5xx(void *arg, struct kit_session *s, const struct kit_step *step,
                      const struct kit_answer *a, char *text, size_t room)
{
    const struct manner *m = arg;
    const struct koppel_error *e = kit_session_failure(a);
    char status[8];
    snprintf(status, sizeof status, "%d", m->peer.status);
    if (s->host.requests == 0)
        return true;
    if (!e)
        return step->op == KIT_VERIFY || step->op == KIT_DESCRIBE ||
               say(text, room, step, "it takes the status %s for a success", status);
    if (s->host.writes > 0 && !leaves_open(e))
        return say(text, room, step, "it makes %s of the status %s behind a write, which may have "
                   "been done", err_kind_name(e->kind), status);
    if (s->host.writes == 0 && e->kind != KOPPEL_E_RETRY && e->kind != KOPPEL_E_REJECTED)
        return say(text, room, step, "it makes %s of the status %s, where nothing was written",
                   err_kind_name(e->kind), status);
    return true;
}

static enum kit_child_outcome statuses(const struct kit_run *r, const int *list,
                                       kit_walk_judge *judge)
{
    struct manner m = {.run = r};
    enum kit_child_outcome outcome = KIT_PASS;
    for (; *list && outcome == KIT_PASS; list++) {
        m.peer = (struct kit_peer){.status = *list, .type = "application/json",
                                   .body = "{\"message\": \"kit\"}"};
        outcome = walk(&m, judge);
    }
    return ended(outcome, &m);
}

static enum kit_child_outcome refused(const struct kit_run *r)
{
    static const int list[] = {400, 403, 404, 405, 409, 410, 413, 415, 422, 0};
    return statuses(r, list, judge_4xx);
}

static enum kit_child_outcome broken_down(const struct kit_run *r)
{
    static const int list[] = {500, 505, 599, 0};
    return statuses(r, list, judge_5xx);
}

/* ---- what the host says is handed on ---- */

static bool judge_kept(void *arg, struct kit_session *s, const struct kit_step *step,
                       const struct kit_answer *a, char *text, size_t room)
{
    const struct manner *m = arg;
    const struct koppel_error *e = kit_session_failure(a);
    bool unsure = m->peer.fail == KOPPEL_E_UNSURE && s->host.writes > 0;
    int want = m->peer.fail == KOPPEL_E_UNSURE && !unsure ? KOPPEL_E_RETRY : m->peer.fail;
    if (s->host.requests == 0)
        return true;
    if (s->host.requests > AGAIN_MAX)
        return say(text, room, step, "it asks again and again where host->http fails");
    if (!e)
        return step->op == KIT_VERIFY ||
               say(text, room, step, "it succeeds although host->http failed with %s",
                   err_kind_name(want));
    if (e->kind != want)
        return say(text, room, step, "host->http failed with %s, and it makes %s of that",
                   err_kind_name(want), err_kind_name(e->kind));
    if (m->peer.retry_after_ms && want == KOPPEL_E_RETRY &&
        e->retry_after_ms != m->peer.retry_after_ms && a->rc < 0)
        return say(text, room, step, "it forgets how long the peer asked to be left alone");
    return true;
}

static enum kit_child_outcome failing(const struct kit_run *r, int kind, int64_t after)
{
    struct manner m = {.run = r, .peer = {.fail = kind, .retry_after_ms = after}};
    return ended(walk(&m, judge_kept), &m);
}

static enum kit_child_outcome keeps(const struct kit_run *r)
{
    static const struct {
        int kind;
        int64_t after;
    } all[] = {{KOPPEL_E_AUTH, 0}, {KOPPEL_E_RETRY, RETRY_AFTER_MS}, {KOPPEL_E_UNSURE, 0},
               {KOPPEL_E_CANCELLED, 0}};
    enum kit_child_outcome outcome = KIT_PASS;
    for (size_t i = 0; outcome == KIT_PASS && i < sizeof all / sizeof all[0]; i++)
        outcome = failing(r, all[i].kind, all[i].after);
    return outcome;
}

/* ---- answers that are none ---- */

static bool judge_any(void *arg, struct kit_session *s, const struct kit_step *step,
                      const struct kit_answer *a, char *text, size_t room)
{
    const struct koppel_error *e = kit_session_failure(a);
    (void)arg;
    if (s->host.requests > 1000)
        return say(text, room, step, "it sent more than 1000 requests");
    if (e && e->kind == KOPPEL_E_BUG && s->host.requests > 0)
        return say(text, room, step, "it makes BUG of a peer's answer: %s", e->text);
    return true;
}

static enum kit_child_outcome nonsense(const struct kit_run *r)
{
    struct manner m = {.run = r};
    enum kit_child_outcome outcome = KIT_PASS;
    struct kit_peer peer;
    for (int i = 0; outcome == KIT_PASS && kit_broken_answer(i, &peer); i++) {
        m.peer = peer;
        outcome = walk(&m, judge_any);
    }
    return ended(outcome, &m);
}

static enum kit_child_outcome monsters(const struct kit_run *r)
{
    struct manner m = {.run = r};
    enum kit_child_outcome outcome = KIT_PASS;
    for (int i = 0; outcome == KIT_PASS; i++) {
        char *made = kit_broken_monster(i, &m.peer);
        if (!made)
            break;
        outcome = walk(&m, judge_any);
        free(made);
    }
    return ended(outcome, &m);
}

/* A page for people where an answer should be. */
static bool judge_read(void *arg, struct kit_session *s, const struct kit_step *step,
                       const struct kit_answer *a, char *text, size_t room)
{
    (void)arg;
    if (step->op == KIT_READ && a->rc == 0 && s->host.requests > 0)
        return say(text, room, step, "it takes a web page for an empty list");
    if ((step->op == KIT_PROBE || step->op == KIT_CHOICES) && a->rc == 0 && s->host.requests > 0)
        return say(text, room, step, "it takes a web page for an answer");
    return true;
}

static bool judge_find(void *arg, struct kit_session *s, const struct kit_step *step,
                       const struct kit_answer *a, char *text, size_t room)
{
    (void)arg;
    if (step->op == KIT_FIND && !kit_session_failure(a) && s->host.requests > 0 &&
        a->results.entries[0].hit_count == 0)
        return say(text, room, step, "it says \"not there\" where the peer said nothing of the "
                   "kind");
    if (step->op == KIT_FETCH && a->rc == 0 && a->batch.count > 0 &&
        a->batch.records[0].kind == BATCH_GONE && s->host.requests > 0)
        return say(text, room, step, "it says \"gone\" where the peer said nothing of the kind");
    return true;
}

static bool judge_write(void *arg, struct kit_session *s, const struct kit_step *step,
                        const struct kit_answer *a, char *text, size_t room)
{
    const struct koppel_error *e = kit_session_failure(a);
    (void)arg;
    if (!writes(step) || step->op == KIT_UNSUBSCRIBE || s->host.requests == 0)
        return true;
    if (!e)
        return say(text, room, step, "it takes a web page for the answer to a write");
    if (s->host.writes > 0 && !leaves_open(e))
        return say(text, room, step, "it makes %s of an answer that it cannot read behind a write, "
                   "which may have been done", err_kind_name(e->kind));
    return true;
}

static enum kit_child_outcome page(const struct kit_run *r, kit_walk_judge *judge)
{
    struct manner m = {.run = r, .peer = {.status = 200, .type = "text/html", .body = PAGE}};
    return ended(walk(&m, judge), &m);
}

static enum kit_child_outcome page_read(const struct kit_run *r)
{
    return page(r, judge_read);
}

static enum kit_child_outcome page_find(const struct kit_run *r)
{
    return page(r, judge_find);
}

static enum kit_child_outcome page_write(const struct kit_run *r)
{
    return page(r, judge_write);
}

/* ---- the program stops ---- */

static bool judge_stop(void *arg, struct kit_session *s, const struct kit_step *step,
                       const struct kit_answer *a, char *text, size_t room)
{
    (void)arg;
    (void)a;
    if (s->host.after_stop > AGAIN_MAX)
        return say(text, room, step, "it asks the peer again and again while the program stops");
    return true;
}

static enum kit_child_outcome stops(const struct kit_run *r)
{
    struct manner m = {.run = r, .peer = {.status = 200, .type = "application/json", .body = "{}"}};
    struct kit_walk_manner w = {.host = {.peer = kit_peer_answer, .peer_arg = &m.peer,
                                         .stop_at = 1},
                                .writing = true, .judge = judge_stop, .arg = &m};
    return kit_walk_all(r, &w, NULL);
}

/* ---- the host itself ---- */

static enum kit_child_outcome shared_fails(const struct kit_run *r)
{
    struct manner m = {.run = r, .peer = {.status = 200, .type = "application/json", .body = "{}"}};
    enum kit_child_outcome outcome = KIT_PASS;
    for (int at = 1; outcome == KIT_PASS && at <= 3; at++) {
        struct kit_walk_manner w = {.host = {.peer = kit_peer_answer, .peer_arg = &m.peer,
                                             .fail_calls = KIT_HOST_SHARED, .fail_at = at},
                                    .writing = true, .judge = judge_any, .arg = &m};
        outcome = kit_walk_all(r, &w, NULL);
    }
    return outcome;
}

static enum kit_child_outcome other_times(const struct kit_run *r)
{
    static const int64_t times[] = {1, 951782399000, 1709164800000, 4102444799999, 32503680000000};
    enum kit_child_outcome outcome = KIT_PASS;
    for (size_t i = 0; outcome == KIT_PASS && i < sizeof times / sizeof times[0]; i++) {
        struct manner m = {.run = r,
                           .peer = {.status = 200, .type = "application/json", .body = "{}"}};
        struct kit_walk_manner w = {.host = {.peer = kit_peer_answer, .peer_arg = &m.peer,
                                             .now_ms = times[i]},
                                    .writing = true, .judge = judge_any, .arg = &m};
        outcome = kit_walk_all(r, &w, NULL);
    }
    return outcome;
}

const struct kit_check kit_hostile_checks[] = {
    {"H1", KIT_CONNECTOR, "what the peer refuses (4xx) is a failure, and a write is not repeated",
     "RETRY would send it for ever, a success would lose it; make REJECTED, CONFIG or EXISTS of "
     "it.", refused},
    {"H2", KIT_CONNECTOR, "a peer that breaks down (5xx) means RETRY, behind a write UNSURE",
     "What was written may be there, so it is looked for first; nothing else may be parked.",
     broken_down},
    {"H3", KIT_CONNECTOR, "what the host says of a failed request is handed on",
     "AUTH renews the login, RETRY rests the connection, UNSURE looks before it writes, CANCELLED "
     "is silent; return -1 with the host's own failure, and try no more by yourself.", keeps},
    {"H4", KIT_CONNECTOR, "answers of any kind break nothing",
     "Empty, cut, of another type, with NUL and bad UTF-8: each is an error of that call, never a "
     "crash and never KOPPEL_E_BUG.", nonsense},
    {"H5", KIT_CONNECTOR, "answers of any depth and length break nothing",
     "Thousands of levels and entities that unfold fill the stack and the memory; read by "
     "host->json and bound recursion.", monsters},
    {"H6", KIT_CONNECTOR, "a web page is no empty list",
     "A proxy shows one with status 200; the cursor would move past what was not read. Look for "
     "the member that holds the list.", page_read},
    {"H7", KIT_CONNECTOR, "\"not there\" is said only where the peer said so",
     "The record would be made a second time; an answer that cannot be read is a failure.",
     page_find},
    {"H8", KIT_CONNECTOR, "a write is done only where the peer said so",
     "An answer that cannot be read leaves open what happened: KOPPEL_E_UNSURE.", page_write},
    {"H9", KIT_CONNECTOR, "a call ends when the program stops",
     "It waits for it; look at host->cancelled in loops and end on the first failure.", stops},
    {"H10", KIT_CONNECTOR, "what instances share may be missing",
     "shared_get gives NULL after a restart and shared_set may fail; fetch it anew.",
     shared_fails},
    {"H11", KIT_CONNECTOR, "any moment of time is handled",
     "Clocks are wrong and years end; take host->now_ms as any 64-bit number.", other_times},
    {0},
};
