/* SPDX-License-Identifier: MIT
 * The generated table: what is to happen, how the destination lets it be repeated, one record or
 * several, every step of the way failing in every manner, and what the source does meanwhile. Each
 * cell ends right, or parked with a reason that holds; nothing is doubled, lost or silently
 * different.
 *
 *   test_table [-a] [-v] [-x] [-1] [-2 EVERY] [-w WAY] [-n SCENARIO]
 *
 * -a: all of it, not the slice that check runs; -x: ends at the first cell that is wrong; -1:
 * single faults only; -2 N: every N-th pair of faults (default 60); -v: each cell that fails is
 * told whole; -w, -n: only these. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "world.h"

#define EVENTS_MAX 80
#define KEYS_MAX 3

enum goal { CREATE, CHANGE, WITHDRAW, GOALS };
enum many { ONE, SEVERAL, TOGETHER, MANIES };
enum meanwhile { NOTHING, NEWER, CANCELLED, BACK, MEANWHILES };
static const char *const goal_names[] = {"create", "change", "withdraw"};
static const char *const many_names[] = {"one", "several", "batched"};
static const char *const meanwhile_names[] = {"nothing", "newer", "cancelled", "back again"};

struct fault {
    int at; /* the event, from 0; -1: none */
    enum world_do what;
};

struct cell {
    enum world_way way;
    enum world_mood mood;
    enum goal goal;
    enum many many;
    enum meanwhile meanwhile;
    struct fault faults[2];
    /* as it goes */
    struct world *world;
    int event, fired;
    bool emitted, rejected;
    enum world_gate gates[EVENTS_MAX];
};

static int verbose, broken_shown;
static bool first_only, quick = true;

static int key_count(const struct cell *c)
{
    return c->many == ONE ? 1 : KEYS_MAX;
}

/* The source goes on while something fails. */
static void emit_meanwhile(struct cell *c)
{
    char key[32];
    if (c->emitted)
        return;
    c->emitted = true;
    world_key(c->world, 0, key);
    if (c->meanwhile == NEWER)
        world_emit(c->world, key, 5);
    if (c->meanwhile == CANCELLED)
        world_emit(c->world, key, 0);
    if (c->meanwhile == BACK && c->goal == CREATE)
        world_emit(c->world, key, 5);
    if (c->meanwhile == BACK)
        world_emit(c->world, key, 1);
}

static const enum world_do faults_at[WORLD_GATES][8] = {
    [GATE_LEASE] = {DO_FAIL, DO_KILL_AFTER},
    [GATE_READ] = {DO_FAIL, DO_KILL},
    [GATE_ASIDE] = {DO_KILL},
    [GATE_FIND] = {DO_FAIL, DO_KILL},
    [GATE_ANNOUNCE] = {DO_FAIL, DO_LOSE_ANSWER, DO_KILL_AFTER},
    [GATE_SEND] = {DO_FAIL, DO_REJECT, DO_LOSE, DO_LOSE_ANSWER, DO_LATE, DO_KILL, DO_KILL_AFTER,
                   DO_KILL_LATE},
    [GATE_KEEP] = {DO_FAIL, DO_KILL, DO_KILL_AFTER},
    [GATE_SETTLE] = {DO_FAIL, DO_LOSE_ANSWER, DO_KILL, DO_KILL_AFTER},
    [GATE_RELEASE] = {DO_KILL},
};

static bool can_happen(enum world_gate gate, enum world_do what)
{
    for (int i = 0; i < 8; i++) {
        if (faults_at[gate][i] == what)
            return true;
    }
    return false;
}

static enum world_do at_gate(void *arg, struct world_host *h, enum world_gate gate)
{
    struct cell *c = arg;
    (void)h;
    if (gate == GATE_ANSWER || gate == GATE_ANNOUNCED)
        return DO_GO;
    int event = c->event++;
    if (event < EVENTS_MAX)
        c->gates[event] = gate;
    for (int i = 0; i < 2; i++) {
        if (c->faults[i].at != event)
            continue;
        c->fired++;
        if (!can_happen(gate, c->faults[i].what))
            return DO_GO; /* a second fault that meets another step than was foreseen */
        c->rejected = c->rejected || c->faults[i].what == DO_REJECT;
        emit_meanwhile(c);
        return c->faults[i].what;
    }
    return DO_GO;
}

static int fault_count(const struct cell *c)
{
    return (c->faults[0].at >= 0) + (c->faults[1].at >= 0);
}

static void describe(const struct cell *c, char *out, size_t room)
{
    size_t n = (size_t)snprintf(out, room, "%s %s / %s / %s / %s", world_way_name(c->way),
                                world_mood_name(c->mood), goal_names[c->goal], many_names[c->many],
                                meanwhile_names[c->meanwhile]);
    for (int i = 0; i < 2; i++) {
        if (c->faults[i].at >= 0)
            n += (size_t)snprintf(
                out + n, room - n, "; step %d (%s) %s", c->faults[i].at,
                c->faults[i].at < EVENTS_MAX ? world_gate_name(c->gates[c->faults[i].at]) : "?",
                world_do_name(c->faults[i].what));
    }
}

/* A reason to park that holds in this cell. */
static bool holds(const struct cell *c, const struct world_end *end)
{
    if (strcmp(end->reason, "rejected") == 0)
        return c->rejected;
    if (strcmp(end->reason, "changed") == 0 && c->rejected) /* a refused update says what differs */
        return true;
    if (strcmp(end->reason, "unsure") == 0)
        return c->way == WAY_NEVER && fault_count(c) > 0;
    if (strcmp(end->reason, "reference.taken") == 0 || strcmp(end->reason, "not.ours") == 0)
        return c->mood == MOOD_TAKEN || c->mood == MOOD_EQUAL;
    /* what was withdrawn cannot be brought back where nothing can be looked up */
    if (c->way == WAY_KEYED || c->way == WAY_NEVER)
        return (c->goal == WITHDRAW || c->meanwhile == CANCELLED) &&
               strcmp(end->reason, "changed") == 0;
    return false;
}

/* "": it ends as it must. *parked: it was parked, and rightly. */
static void judge(struct cell *c, bool drained, bool *parked, char *why, size_t room)
{
    struct world *w = c->world;
    why[0] = '\0';
    *parked = false;
    if (w->peer.broken[0]) {
        snprintf(why, room, "%s", w->peer.broken);
        return;
    }
    if (!drained) {
        snprintf(why, room, "it comes to no end");
        return;
    }
    for (int i = 0; i < key_count(c) && !*why; i++) {
        char key[32], books[120];
        struct world_end end;
        world_key(w, i, key);
        world_end_of(w, key, &end);
        bool right = world_right(w, key, books, sizeof books);
        if (end.state == JOB_PARKED && !holds(c, &end))
            snprintf(why, room, "parked as %s: %s", end.reason, end.detail);
        else if (end.state != JOB_PARKED && !right)
            snprintf(why, room, "%s%s%s, but %s", job_state_name(end.state),
                     *end.reason ? ": " : "", end.reason, books);
        *parked = *parked || end.state == JOB_PARKED;
    }
}

/* Until the faults have happened, or there is nothing left that they could happen to. */
static void go(struct cell *c)
{
    struct world *w = c->world;
    w->gate = at_gate;
    w->arg = c;
    for (int round = 0; round < 12; round++) {
        world_read(w);
        world_deliver(w, 0);
        emit_meanwhile(c);
        if (w->hosts[0]->dead)
            world_restart(w, 0);
        if (c->fired >= fault_count(c))
            return;
        world_pass(w, 1100, -1);
    }
}

static void run(struct cell *c, bool *parked, char *why, size_t room)
{
    char key[32];
    struct world *w = c->world = world_new(c->way, c->many == TOGETHER, c->mood);
    if (c->mood == MOOD_TAKEN || c->mood == MOOD_EQUAL)
        peer_foreign(&w->peer, world_key(w, 0, key), "C1", c->mood == MOOD_TAKEN ? "9.00" : "1.00");
    for (int i = 0; i < key_count(c); i++)
        world_emit(w, world_key(w, i, key), 1);
    if (c->goal != CREATE) {
        world_read(w);
        world_deliver(w, 0);
        if (c->mood == MOOD_LAGS && c->meanwhile != BACK)
            world_pass(w, 11000, -1); /* else the change itself comes too early */
        for (int i = 0; i < key_count(c); i++)
            world_emit(w, world_key(w, i, key), c->goal == CHANGE ? 2 : 0);
    }
    go(c);
    bool drained = world_drain(w);
    judge(c, drained, parked, why, room);
    if (!*why && *parked) { /* a person asks once more: that must be no worse */
        bool again;
        world_retry(w);
        drained = world_drain(w);
        judge(c, drained, &again, why, room);
        if (!*why && again && c->rejected && fault_count(c) == 1 && c->way != WAY_NEVER &&
            c->way != WAY_KEYED)
            snprintf(why, room, "a retry after the refusal parks again");
    }
    world_free(w);
    c->world = NULL;
}

/* ---- the table ---- */

struct counts {
    long cells, right, parked, wrong;
};

#define ALL (1 << ONE | 1 << SEVERAL | 1 << TOGETHER)

static const struct row {
    enum world_way way;
    enum world_mood mood;
    int manies;
} rows[] = {
    {WAY_LOOKUP, MOOD_PLAIN, ALL},
    {WAY_DIFFERENCE, MOOD_PLAIN, 1 << ONE | 1 << TOGETHER},
    {WAY_SINGLE, MOOD_PLAIN, 1 << ONE | 1 << SEVERAL},
    {WAY_MATCH, MOOD_PLAIN, ALL},
    {WAY_KEYED, MOOD_PLAIN, 1 << ONE | 1 << TOGETHER},
    {WAY_KEYED_SUM, MOOD_PLAIN, 1 << ONE | 1 << TOGETHER},
    {WAY_UPSERT, MOOD_PLAIN, 1 << ONE | 1 << TOGETHER},
    {WAY_NEVER, MOOD_PLAIN, 1 << ONE | 1 << SEVERAL}, /* many in a call: the catalogue forbids it */
    {WAY_REFERENCE, MOOD_PLAIN, 1 << ONE | 1 << SEVERAL},
    {WAY_LOOKUP, MOOD_UNIQUE, 1 << ONE},
    {WAY_DIFFERENCE, MOOD_UNIQUE, 1 << ONE},
    {WAY_LOOKUP, MOOD_LAGS, 1 << ONE},
    {WAY_DIFFERENCE, MOOD_LAGS, 1 << ONE},
    {WAY_LOOKUP, MOOD_CONDITIONAL, 1 << ONE},
    {WAY_LOOKUP, MOOD_TAKEN, 1 << ONE},
    {WAY_DIFFERENCE, MOOD_TAKEN, 1 << ONE},
    {WAY_LOOKUP, MOOD_EQUAL, 1 << ONE},
    {WAY_DIFFERENCE, MOOD_EQUAL, 1 << ONE},
};

static void count(struct counts *n, struct cell *c)
{
    char why[500], name[400];
    bool parked;
    run(c, &parked, why, sizeof why);
    n->cells++;
    n->right += !*why && !parked;
    n->parked += !*why && parked;
    n->wrong += *why != '\0';
    if (!*why || (!verbose && broken_shown > 20))
        return;
    broken_shown++;
    describe(c, name, sizeof name);
    printf("  WRONG %s: %s\n", name, why);
    fflush(stdout);
    if (first_only)
        _exit(1);
}

static struct cell fresh(const struct cell *like)
{
    struct cell c = *like;
    c.event = c.fired = 0;
    c.emitted = c.rejected = false;
    return c;
}

/* One scenario: without a fault, then with each, then with pairs. */
static void scenario(const struct cell *like, int pairs_every, struct counts *n, unsigned *seed)
{
    struct cell plain = fresh(like);
    plain.faults[0].at = plain.faults[1].at = -1;
    count(n, &plain);
    int steps = plain.event < EVENTS_MAX ? plain.event : EVENTS_MAX;
    for (int at = 0; at < steps; at++) {
        for (int k = 0; k < 8 && faults_at[plain.gates[at]][k]; k++) {
            struct cell one = fresh(&plain);
            one.faults[0] = (struct fault){at, faults_at[plain.gates[at]][k]};
            one.faults[1].at = -1;
            count(n, &one);
            /* what the second fault can meet is what came after the first */
            int end = one.event < EVENTS_MAX ? one.event : EVENTS_MAX;
            for (int later = at + 1; pairs_every && later < end + 6 && later < EVENTS_MAX;
                 later++) {
                enum world_gate gate = later < one.event ? one.gates[later] : GATE_SEND;
                for (int m = 0; m < 8 && faults_at[gate][m]; m++) {
                    *seed = *seed * 1103515245u + 12345u;
                    if (*seed / 65536 % (unsigned)pairs_every)
                        continue;
                    struct cell two = fresh(&one);
                    two.faults[1] = (struct fault){later, faults_at[gate][m]};
                    count(n, &two);
                }
            }
        }
    }
}

/* A destination: its goals times one, several or batched records. */
static void row(const struct row *r, int only_number, int pairs, struct counts *all, unsigned *seed)
{
    int number = 0;
    for (int i = 0; i < GOALS * MANIES; i++) {
        struct counts n = {0};
        char name[40];
        enum goal goal = (enum goal)(i / MANIES);
        enum many many = (enum many)(i % MANIES);
        if (!(r->manies & 1 << many) || (quick && many == SEVERAL && r->way != WAY_MATCH))
            continue;
        for (int m = 0; m < MEANWHILES; m++, number++) {
            struct cell c = {.way = r->way,
                             .mood = r->mood,
                             .goal = goal,
                             .many = many,
                             .meanwhile = (enum meanwhile)m};
            if (only_number < 0 || only_number == number)
                scenario(&c, pairs, &n, seed);
        }
        snprintf(name, sizeof name, "%s%s%s", world_way_name(r->way), r->mood ? ", " : "",
                 world_mood_name(r->mood));
        printf("%-21s %-9s %-8s %7ld %7ld %7ld %7ld\n", name, goal_names[goal], many_names[many],
               n.cells, n.right, n.parked, n.wrong);
        fflush(stdout);
        all->cells += n.cells;
        all->right += n.right;
        all->parked += n.parked;
        all->wrong += n.wrong;
    }
}

int main(int argc, char **argv)
{
    int pairs = 60, only_way = -1, only_number = -1, option;
    struct counts all = {0};
    unsigned seed = 7;
    while ((option = getopt(argc, argv, "avx12:w:n:")) != -1) {
        verbose = verbose || option == 'v';
        first_only = first_only || option == 'x';
        quick = quick && option != 'a';
        if (option == '1')
            pairs = 0;
        if (option == '2')
            pairs = atoi(optarg);
        if (option == 'w')
            only_way = atoi(optarg);
        if (option == 'n')
            only_number = atoi(optarg);
    }
    pairs = quick && pairs ? 600 : pairs;
    world_start();
    printf("%-21s %-9s %-8s %7s %7s %7s %7s\n", "repeated by", "goal", "records", "cells", "right",
           "parked", "wrong");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (only_way < 0 || only_way == (int)i)
            row(&rows[i], only_number, pairs, &all, &seed);
    }
    world_stop();
    printf("%-21s %-9s %-8s %7ld %7ld %7ld %7ld\n", "all", "", "", all.cells, all.right, all.parked,
           all.wrong);
    return all.wrong || !all.cells ? 1 : 0;
}
