/* SPDX-License-Identifier: MIT
 * Drives schedules (tests/flow/schedules) through the real code: two hosts on one store, each in a
 * thread that stops at every gate until its next step is called. One host runs at a time, so a
 * schedule always goes the same way. Where the code does not take the step that a schedule wants
 * (it has the rule that was taken out when the schedule was found), the step is left out.
 *
 *   test_schedules [-v] [-x] [-s SUBSTRING] FILE... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "world.h"

#define TICK_MS 5000
#define LINE_BYTES 160

enum rest { RUNS, AT_GATE, IDLE };

struct seat {
    pthread_t thread;
    enum rest rest;
    enum world_gate gate;
    enum world_do what;
    bool go, quit, unchecked;
    int sent_at; /* the tick */
    struct play *play;
    int number;
};

struct play {
    struct world *world;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    struct seat seats[WORLD_HOSTS];
    bool free; /* gates let everybody pass */
    char key[32];
    int tick, taken, skipped;
    bool excused, foreign, rejected, restored;
};

static int verbose;
static bool first_only; /* -x: ends at the first one that is wrong */

/* ---- hosts as threads ---- */

static enum world_do at_gate(void *arg, struct world_host *h, enum world_gate gate)
{
    struct play *p = arg;
    struct seat *s = &p->seats[h->number];
    pthread_mutex_lock(&p->lock);
    enum world_do what = DO_GO;
    if (!p->free) {
        s->gate = gate;
        s->rest = AT_GATE;
        s->go = false;
        pthread_cond_broadcast(&p->moved);
        while (!s->go)
            pthread_cond_wait(&p->moved, &p->lock);
        what = s->what;
        s->rest = RUNS;
    }
    pthread_mutex_unlock(&p->lock);
    return what;
}

static void *host_main(void *arg)
{
    struct seat *s = arg;
    struct play *p = s->play;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        s->rest = IDLE;
        s->go = false;
        pthread_cond_broadcast(&p->moved);
        while (!s->go)
            pthread_cond_wait(&p->moved, &p->lock);
        if (s->quit)
            break;
        s->rest = RUNS;
        pthread_mutex_unlock(&p->lock);
        world_deliver(p->world, s->number);
        pthread_mutex_lock(&p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* Lets the host go on, and waits until it rests again. */
static void go_on(struct seat *s, enum world_do what)
{
    struct play *p = s->play;
    pthread_mutex_lock(&p->lock);
    s->what = what;
    s->go = true;
    s->rest = RUNS;
    pthread_cond_broadcast(&p->moved);
    while (s->rest == RUNS)
        pthread_cond_wait(&p->moved, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

static bool is_at(const struct seat *s, enum world_gate gate)
{
    return s->rest == AT_GATE && s->gate == gate;
}

static bool is_between(const struct seat *s)
{
    return s->rest == IDLE || is_at(s, GATE_LEASE);
}

static bool reads(const struct seat *s)
{
    return is_at(s, GATE_READ) || is_at(s, GATE_ASIDE) || is_at(s, GATE_RELEASE);
}

static void skip(struct play *p, const struct seat *s, const char *step)
{
    p->skipped++;
    if (verbose)
        printf("    left out: %s (host %d is at %s)\n", step, s->number,
               s->rest == IDLE ? "rest" : world_gate_name(s->gate));
}

static void step_lease(struct seat *s)
{
    if (s->rest == IDLE)
        go_on(s, DO_GO);
    if (is_at(s, GATE_LEASE))
        go_on(s, DO_GO);
}

static void step_read(struct seat *s)
{
    if (is_between(s))
        step_lease(s);
    while (reads(s))
        go_on(s, DO_GO);
}

/* Passes what the model takes as part of other steps. */
static void pass_finds(struct seat *s)
{
    while (is_at(s, GATE_FIND) || is_at(s, GATE_KEEP))
        go_on(s, DO_GO);
}

static bool pass(struct play *p, struct seat *s, enum world_gate gate, enum world_do what,
                 const char *step)
{
    if (gate != GATE_FIND)
        pass_finds(s);
    if (!is_at(s, gate)) {
        skip(p, s, step);
        return false;
    }
    p->taken++;
    go_on(s, what);
    return true;
}

static void crash(struct play *p, struct seat *s)
{
    if (s->rest == AT_GATE)
        go_on(s, is_at(s, GATE_ANSWER) ? DO_KILL_LATE : DO_KILL);
    while (s->rest == AT_GATE) /* whatever else it tries has no effect */
        go_on(s, DO_KILL);
    world_restart(p->world, s->number);
    p->taken++;
}

static void host_step(struct play *p, struct seat *s, const char *step)
{
    if (strcmp(step, "lease") == 0) {
        step_lease(s);
    } else if (strcmp(step, "read") == 0) {
        step_read(s);
    } else if (strcmp(step, "find") == 0) {
        (void)pass(p, s, GATE_FIND, DO_GO, step);
    } else if (strcmp(step, "announce") == 0) {
        (void)pass(p, s, GATE_ANNOUNCE, DO_GO, step);
    } else if (strcmp(step, "check") == 0) {
        (void)pass(p, s, GATE_ANNOUNCED, DO_GO, step);
    } else if (strcmp(step, "send") == 0) {
        if (pass(p, s, GATE_SEND, DO_GO, step))
            s->sent_at = p->tick;
    } else if (strcmp(step, "answer") == 0) {
        (void)pass(p, s, GATE_ANSWER, DO_GO, step);
    } else if (strcmp(step, "timeout") == 0) {
        p->world->late_life = 1 - (p->tick - s->sent_at);
        (void)pass(p, s, GATE_ANSWER, DO_LATE, step);
    } else if (strcmp(step, "refuse") == 0) {
        (void)pass(p, s, GATE_ANSWER, DO_FAIL, step);
    } else if (strcmp(step, "reject") == 0) {
        p->rejected = pass(p, s, GATE_ANSWER, DO_REJECT, step) || p->rejected;
    } else if (strcmp(step, "settle") == 0) {
        (void)pass(p, s, GATE_SETTLE, DO_GO, step);
    } else if (strcmp(step, "settle-lost") == 0) {
        (void)pass(p, s, GATE_SETTLE, DO_LOSE_ANSWER, step);
    } else if (strcmp(step, "crash") == 0) {
        p->world->late_life = 1 - (p->tick - s->sent_at);
        crash(p, s);
    } else {
        fprintf(stderr, "unknown step of a host: %s\n", step);
        exit(2);
    }
}

static void restore(struct play *p)
{
    for (int i = 0; i < WORLD_HOSTS; i++) {
        struct seat *s = &p->seats[i];
        p->world->late_life = 1 - (p->tick - s->sent_at);
        while (s->rest == AT_GATE)
            go_on(s, is_at(s, GATE_ANSWER) ? DO_KILL_LATE : DO_KILL);
    }
    world_restore(p->world);
    p->restored = true;
}

static void other_step(struct play *p, const char *step)
{
    if (*step == '+') {
        world_emit(p->world, p->key, atoi(step + 1));
        world_read(p->world);
    } else if (strncmp(step, "tick", 4) == 0) {
        world_pass(p->world, TICK_MS, step[4] ? atoi(step + strlen("tick h")) : -1);
        peer_age(&p->world->peer);
        p->tick++;
    } else if (strcmp(step, "peer applies") == 0) {
        (void)peer_orphan_apply(&p->world->peer, false);
    } else if (strcmp(step, "peer loses") == 0) {
        (void)peer_orphan_apply(&p->world->peer, true);
    } else if (strcmp(step, "late") == 0) {
        peer_delay(&p->world->peer);
    } else if (strcmp(step, "person") == 0) {
        peer_foreign(&p->world->peer, p->key, "C1", "9.00");
        p->foreign = true;
    } else if (strcmp(step, "backup") == 0) {
        world_backup(p->world);
    } else if (strcmp(step, "restore") == 0) {
        restore(p);
    } else {
        fprintf(stderr, "unknown step: %s\n", step);
        exit(2);
    }
}

/* ---- one schedule ---- */

struct schedule {
    char name[LINE_BYTES];
    enum world_way way;
    bool lags, unique, excused;
    int foreign; /* -1: none */
    char (*steps)[24];
    int count;
};

static void end_threads(struct play *p)
{
    for (int i = 0; i < WORLD_HOSTS; i++) {
        struct seat *s = &p->seats[i];
        pthread_mutex_lock(&p->lock);
        p->free = true;
        pthread_mutex_unlock(&p->lock);
        while (s->rest == AT_GATE)
            go_on(s, DO_GO);
        pthread_mutex_lock(&p->lock);
        s->quit = s->go = true;
        pthread_cond_broadcast(&p->moved);
        pthread_mutex_unlock(&p->lock);
        pthread_join(s->thread, NULL);
        pthread_mutex_lock(&p->lock);
        p->free = i + 1 == WORLD_HOSTS;
        pthread_mutex_unlock(&p->lock);
    }
}

static bool holds(const struct schedule *sc, const struct play *p, const char *reason)
{
    if (strcmp(reason, "rejected") == 0 || strcmp(reason, "changed") == 0)
        return p->rejected;
    if (strcmp(reason, "unsure") == 0)
        return sc->way == WAY_NEVER ||
               (p->restored && sc->way != WAY_LOOKUP && sc->way != WAY_DIFFERENCE);
    if (strcmp(reason, "reference.taken") == 0 || strcmp(reason, "not.ours") == 0)
        return p->foreign || p->restored;
    return false;
}

/* Is what somebody else made what should stand there? */
static bool adopted(struct play *p)
{
    char total[24];
    snprintf(total, sizeof total, "%d.00", world_content(p->world, p->key));
    for (int i = 0; p->foreign && i < p->world->peer.count; i++) {
        const struct peer_doc *d = &p->world->peer.docs[i];
        const char *there = json_string_value(json_object_get(d->record, "total"));
        if (d->foreign && there && strcmp(there, total) == 0)
            return true;
    }
    return false;
}

static bool judge(const struct schedule *sc, struct play *p, bool drained, char *why, size_t room)
{
    struct world_end end;
    char books[120];
    world_end_of(p->world, p->key, &end);
    if (!drained) {
        snprintf(why, room, "it comes to no end (%s: %s)", job_state_name(end.state), end.reason);
        return false;
    }
    bool right = world_right(p->world, p->key, books, sizeof books);
    snprintf(why, room, "%s%s%s, %s%s%s", job_state_name(end.state), *end.reason ? ": " : "",
             end.reason, books, p->world->peer.broken[0] ? "; " : "", p->world->peer.broken);
    if (sc->excused)
        return true;
    if (p->world->peer.broken[0])
        return false;
    if (end.state == JOB_PARKED)
        return holds(sc, p, end.reason);
    return right || adopted(p);
}

/* applies: what is still under way at the end arrives; else it is lost. */
static bool play(const struct schedule *sc, bool applies)
{
    struct play p = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
    char why[600];
    struct world *w = p.world = world_new(sc->way, false, sc->lags ? MOOD_LAGS : MOOD_PLAIN);
    w->gate = at_gate;
    w->arg = &p;
    w->late_ms = -1;
    w->peer.unique = sc->unique;
    world_key(w, 0, p.key);
    if (sc->foreign >= 0) {
        char total[24];
        snprintf(total, sizeof total, "%d.00", sc->foreign);
        peer_foreign(&w->peer, p.key, "C1", total);
        p.foreign = true;
    }
    for (int i = 0; i < WORLD_HOSTS; i++) {
        struct seat *s = &p.seats[i];
        *s = (struct seat){.play = &p, .number = i, .rest = RUNS};
        pthread_create(&s->thread, NULL, host_main, s);
        pthread_mutex_lock(&p.lock);
        while (s->rest != IDLE)
            pthread_cond_wait(&p.moved, &p.lock);
        pthread_mutex_unlock(&p.lock);
    }
    if (verbose)
        printf("  %s (%s)\n", sc->name, world_way_name(sc->way));
    for (int i = 0; i < sc->count; i++) {
        const char *step = sc->steps[i];
        if (step[0] == 'h' && step[2] == ' ')
            host_step(&p, &p.seats[step[1] - '0'], step + 3);
        else
            other_step(&p, step);
    }
    end_threads(&p);
    w->gate = NULL;
    while (peer_orphan_apply(&w->peer, !applies))
        ;
    bool good = judge(sc, &p, world_drain(w), why, sizeof why);
    if (!good || verbose)
        printf("%s %s [%s]%s: %s (%d steps taken, %d left out)\n", good ? "ok   " : "WRONG",
               sc->name, world_way_name(sc->way), applies ? "" : ", the rest lost", why, p.taken,
               p.skipped);
    world_free(w);
    if (!good && first_only) {
        fflush(stdout);
        _exit(1);
    }
    return good;
}

/* ---- the file ---- */

static int way_of(const char *name)
{
    for (int i = 0; i < WORLD_WAYS; i++) {
        if (strcmp(world_way_name((enum world_way)i), name) == 0)
            return i;
    }
    fprintf(stderr, "unknown way: %s\n", name);
    exit(2);
}

static int wrong, played;

static void play_both(struct schedule *sc, const char *only)
{
    if (sc->count > 0 && (!only || strstr(sc->name, only))) {
        played += 2;
        wrong += !play(sc, true);
        wrong += !play(sc, false);
    }
    free(sc->steps);
    *sc = (struct schedule){.foreign = -1};
}

static void take_line(struct schedule *sc, const char *line)
{
    if (strncmp(line, "way ", 4) == 0) {
        sc->way = (enum world_way)way_of(line + 4);
    } else if (strcmp(line, "lag") == 0) {
        sc->lags = true;
    } else if (strcmp(line, "unique") == 0) {
        sc->unique = true;
    } else if (strcmp(line, "excused") == 0) {
        sc->excused = true;
    } else if (strncmp(line, "foreign ", 8) == 0) {
        sc->foreign = atoi(line + 8);
    } else {
        sc->steps = realloc(sc->steps, (size_t)(sc->count + 1) * sizeof *sc->steps);
        snprintf(sc->steps[sc->count++], sizeof *sc->steps, "%.23s", line);
    }
}

static void play_file(const char *name, const char *only)
{
    char line[LINE_BYTES];
    struct schedule sc = {.foreign = -1};
    FILE *f = fopen(name, "r");
    if (!f) {
        perror(name);
        exit(2);
    }
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (!*line || *line == '#')
            continue;
        if (strncmp(line, "schedule ", 9) == 0) {
            play_both(&sc, only);
            snprintf(sc.name, sizeof sc.name, "%s", line + 9);
        } else {
            take_line(&sc, line);
        }
    }
    play_both(&sc, only);
    fclose(f);
}

int main(int argc, char **argv)
{
    const char *only = NULL;
    int option;
    while ((option = getopt(argc, argv, "vxs:")) != -1) {
        verbose = verbose || option == 'v';
        first_only = first_only || option == 'x';
        if (option == 's')
            only = optarg;
    }
    world_start();
    for (int i = optind; i < argc; i++)
        play_file(argv[i], only);
    static const char *const files[] = {"model", "own"};
    for (size_t i = 0; optind == argc && i < sizeof files / sizeof files[0]; i++) {
        char name[300];
        const char *folder = getenv("srcdir");
        snprintf(name, sizeof name, "%s/tests/flow/schedules/%s.txt", folder ? folder : ".",
                 files[i]);
        play_file(name, only);
    }
    world_stop();
    printf("%d schedules played, %d wrong\n", played, wrong);
    return wrong || !played ? 1 : 0;
}
