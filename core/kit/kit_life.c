/* SPDX-License-Identifier: MIT
 * Group L. */
#include "kit/kit_life.h"

#include <pthread.h>
#include <string.h>

#include "kit/kit_left.h"
#include "kit/kit_walk.h"

#define ROUNDS 100
#define THREADS 4

static enum kit_child_outcome open_failed(const struct koppel_error *err)
{
    return kit_child_fail("open() failed: %s", err->kind ? err->text : "without a reason");
}

static enum kit_child_outcome opens(const struct kit_run *r)
{
    struct kit_session s = {0};
    struct koppel_error err = {0};
    int rc = kit_session_open(&s, r, NULL, &err);
    bool asked = s.host.used_http;
    kit_session_close(&s);
    if (rc < 0)
        return open_failed(&err);
    return asked ? kit_child_fail("open() called host->http") : KIT_PASS;
}

static enum kit_child_outcome opens_with_least(const struct kit_run *r)
{
    struct kit_walk_manner m = {.writing = !r->live, .conf = r->least};
    return kit_walk_all(r, &m, NULL);
}

/* Opens and closes on one connection, whose own memory is the host's. */
static int rounds(struct kit_session *first, int count, struct koppel_error *err)
{
    for (int i = 0; i < count; i++) {
        struct kit_session s = {0};
        if (kit_session_second(first, &s, err) < 0)
            return -1;
        kit_session_close(&s);
    }
    return 0;
}

static enum kit_child_outcome leaves_nothing(const struct kit_run *r)
{
    struct kit_session first = {0};
    struct koppel_error err = {0};
    struct kit_left at[4];
    if (kit_session_prepare(&first, r, NULL, &err) < 0)
        return open_failed(&err);
    for (int i = 0; i < 4; i++) {
        if (rounds(&first, ROUNDS, &err) < 0)
            return open_failed(&err);
        kit_left_take(&at[i]);
    }
    kit_session_close(&first);
    size_t more = kit_left_growth(&at[1], 3);
    if (more >= ROUNDS * 8)
        return kit_child_fail("%d times open() and close() leave %zu bytes", ROUNDS, more);
    if (at[3].files != at[1].files)
        return kit_child_fail("%d times open() and close() leave %d files open", 2 * ROUNDS,
                              at[3].files - at[1].files);
    return at[3].threads == at[1].threads ? KIT_PASS
                                          : kit_child_fail("open() and close() leave a thread");
}

static enum kit_child_outcome close_takes_null(const struct kit_run *r)
{
    if (!r->plugin->connector.close)
        return kit_child_nothing("it has no close()");
    kit_child_doing("close(NULL)");
    r->plugin->connector.close(NULL);
    return KIT_PASS;
}

static enum kit_child_outcome two_instances(const struct kit_run *r)
{
    struct kit_session a = {0}, b = {0};
    struct koppel_error err = {0};
    struct kit_step step = {.op = KIT_PROBE};
    struct kit_answer answer = {0};
    char text[512];
    if (kit_session_open(&a, r, NULL, &err) < 0 || kit_session_second(&a, &b, &err) < 0)
        return open_failed(&err);
    bool same = a.self && a.self == b.self;
    kit_session_close(&b);
    kit_session_ask(&a, &step, &answer);
    const char *fault = kit_session_fault(&step, &answer, text, sizeof text);
    kit_session_done(&answer);
    kit_session_close(&a);
    if (same)
        return kit_child_fail("open() gives two instances the same memory");
    return fault ? kit_child_fail("once another instance was closed, %s", fault) : KIT_PASS;
}

struct errand {
    const struct kit_session *of;
    bool wrong;
};

static void *run_errand(void *arg)
{
    struct errand *e = arg;
    struct kit_step step = {.op = KIT_PROBE};
    char text[512];
    for (int i = 0; i < 20 && !e->wrong; i++) {
        struct kit_session s = {.host = {.peer = e->of->host.peer,
                                         .peer_arg = e->of->host.peer_arg}};
        struct koppel_error err = {0};
        struct kit_answer a = {0};
        e->wrong = kit_session_second(e->of, &s, &err) < 0;
        if (!e->wrong) {
            kit_session_ask(&s, &step, &a);
            e->wrong = kit_session_fault(&step, &a, text, sizeof text) != NULL;
            kit_session_done(&a);
        }
        kit_session_close(&s);
    }
    return NULL;
}

/* Instances in threads of their own, each used by one of them, as the engine does. */
static enum kit_child_outcome threads(const struct kit_run *r)
{
    struct kit_session first = {0};
    struct koppel_error err = {0};
    struct errand errands[THREADS] = {{0}};
    pthread_t ids[THREADS];
    int begun = 0;
    bool wrong = false;
    if (r->plugin->entry.threads == KOPPEL_THREADS_PLUGIN)
        return kit_child_nothing("it asks for one call at a time");
    if (kit_session_prepare(&first, r, NULL, &err) < 0)
        return open_failed(&err);
    (void)kit_host_table(false);
    for (; begun < THREADS; begun++) {
        errands[begun].of = &first;
        if (pthread_create(&ids[begun], NULL, run_errand, &errands[begun]) != 0)
            break;
    }
    for (int i = 0; i < begun; i++) {
        pthread_join(ids[i], NULL);
        wrong = wrong || errands[i].wrong;
    }
    kit_session_close(&first);
    return wrong ? kit_child_fail("with %d threads at once, each with its instance, open() or "
                                  "probe() broke the contract", begun)
                 : KIT_PASS;
}

const struct kit_check kit_life_checks[] = {
    {"L1", KIT_CONNECTOR, "open() succeeds with fitting settings and asks nobody",
     "Instances are made by the dozen and while the peer is away; log in when the first call "
     "needs it.", opens},
    {"L2", KIT_CONNECTOR, "settings that are not required may be missing",
     "host->setting then gives NULL; look at it before it is used, or declare a default.",
     opens_with_least},
    {"L3", KIT_CONNECTOR, "open() and close() leave no memory, file or thread",
     "The program runs for months; close() frees all that open() made.", leaves_nothing},
    {"L4", KIT_CONNECTOR, "close() takes NULL",
     "It is called for what open() did not finish; begin it with `if (!self) return;`.",
     close_takes_null},
    {"L5", KIT_CONNECTOR, "instances know nothing of each other",
     "One is closed while another works; give each memory of its own.", two_instances},
    {"L6", KIT_CONNECTOR, "instances work in threads of their own",
     "Several are used at once unless it asks for KOPPEL_THREADS_PLUGIN; share nothing but by "
     "host->shared_set.", threads},
    {0},
};
