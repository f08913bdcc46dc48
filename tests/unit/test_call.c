/* SPDX-License-Identifier: MIT
 * core/connection/call.c: calls that do not come back, and programs that end inside a plugin. */
#include "connection/call.h"
#include "inside.h"
#include "unit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

/* Crashes are the sanitizer's to tell, and a process that was forked may inherit a lock of its
 * allocator that nobody opens again: what ends or forks is left to the plain build. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

/* ---- calls that block ---- */

static atomic_bool release;

static int block(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    while (!atomic_load(&release))
        usleep(1000);
    return s->host->row(facts, "back", NULL, e);
}

static void *probe_thread(void *arg)
{
    struct koppel_list facts = {0};
    struct koppel_error e = {0};
    (void)connection_probe(connection, &facts, NULL, &e);
    list_done(&facts);
    return arg;
}

/* Until so many calls are blocked. */
static void wait_blocked(int count, struct connection_state *state)
{
    do {
        usleep(1000);
        connection_state(connection, state);
    } while (state->blocked != count);
}

/* Once it is there, or gone: whoever watches tells the state first. */
static char *note(bool there)
{
    char *value = NULL;
    struct koppel_error e = {0};
    for (int tries = 0;; tries++) {
        ck_assert_int_eq(store->ops->note_get(store, CONNECTION_BLOCKED "shop", &value, &e), 0);
        if ((value != NULL) == there || tries == 5000)
            return value;
        free(value);
        value = NULL;
        usleep(1000);
    }
}

START_TEST(y5_a_call_that_blocks_is_named_and_others_go_on)
{
    struct connection_state state;
    struct koppel_list rows = {0};
    pthread_t first, second;
    conf.timeout_ms = 30;
    start();
    atomic_store(&release, false);
    inside_body.probe = block;
    pthread_create(&first, NULL, probe_thread, NULL);
    wait_blocked(1, &state);
    ck_assert_ptr_nonnull(strstr(state.blocked_call, "plugin inside, probe, connection shop"));
    char *told = note(true);
    ck_assert_str_eq(told, state.blocked_call);
    free(told);
    /* the other instance works on */
    ck_assert_int_eq(connection_choices(connection, "sizes", &rows, &err), 0);
    list_done(&rows);
    pthread_create(&second, NULL, probe_thread, NULL);
    wait_blocked(2, &state);
    /* nobody waits for ever for an instance that will not come */
    ck_assert_int_eq(connection_choices(connection, "sizes", &rows, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_str_eq(err.reason, "plugin.blocked");
    ck_assert_ptr_nonnull(strstr(err.text, "plugin inside, probe"));
    atomic_store(&release, true);
    pthread_join(first, NULL);
    pthread_join(second, NULL);
    connection_state(connection, &state);
    ck_assert_int_eq(state.blocked, 0);
    ck_assert_str_eq(state.blocked_call, "");
    ck_assert_ptr_null(note(false));
    ck_assert_int_eq(connection_choices(connection, "sizes", &rows, &err), 0);
    list_done(&rows);
}
END_TEST

static int long_in_the_host(struct instance_state *s, struct koppel_list *facts,
                            struct koppel_error *e)
{
    call_host_begin(); /* as http() does */
    usleep(1500 * 1000); /* longer than the call may take */
    call_host_end();
    return s->host->row(facts, s->host->deadline_ms(s->ctx) > 0 ? "in time" : "late", NULL, e);
}

START_TEST(y5_time_inside_the_host_is_not_the_plugins)
{
    struct connection_state state;
    struct koppel_list facts = {0};
    conf.timeout_ms = 1000;
    start();
    inside_body.probe = long_in_the_host;
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &err), 0);
    ck_assert_str_eq(facts.rows[0].value, "in time");
    connection_state(connection, &state);
    ck_assert_int_eq(state.blocked, 0);
    list_done(&facts);
}
END_TEST

/* ---- programs that end ---- */

/* Runs body in a process of its own; what it says on standard error in text. Its wait status. */
static int run(void (*body)(void), char *text, size_t room)
{
    int fds[2], status = 0;
    size_t used = 0;
    ck_assert_int_eq(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDERR_FILENO);
        close(fds[0]);
        close(fds[1]);
        if (call_guard(_exit, &err) == 0)
            body();
        _exit(99);
    }
    close(fds[1]);
    for (ssize_t n; (n = read(fds[0], text + used, room - 1 - used)) > 0;)
        used += (size_t)n;
    text[used] = '\0';
    close(fds[0]);
    waitpid(pid, &status, 0);
    return status;
}

static int how;
static volatile int zero;

static volatile int levels = 1 << 30;

static int deep(volatile char *above)
{
    char here[4096];
    here[0] = *above;
    return levels-- > 0 ? here[0] + deep(here) + here[0] : 0;
}

static int end_here(struct instance_state *s, const struct koppel_find_request *r,
                    struct koppel_results *out, struct koppel_error *e)
{
    char start = 1;
    (void)s;
    (void)r;
    (void)out;
    (void)e;
    switch (how) {
    case 0:
        exit(0);
    case 1:
        quick_exit(0);
    case 2:
        abort();
    case 3:
        return *(volatile int *)(uintptr_t)zero;
    case 4:
        raise(SIGFPE);
        return 0;
    case 5:
        raise(SIGBUS);
        return 0;
    case 6:
        raise(SIGILL);
        return 0;
    default:
        return deep(&start); /* the stack is used up: the handler has one of its own */
    }
}

static void *find_thread(void *arg)
{
    static const char *const keys[] = {"k"};
    struct koppel_results out;
    struct koppel_error e = {0};
    results_init(&out, 1);
    (void)connection_find(connection, "thing", "id", keys, NULL, 1, &out, NULL, &e);
    return arg;
}

static void find_once(void)
{
    pthread_t thread;
    inside_body.find = end_here;
    pthread_create(&thread, NULL, find_thread, NULL);
    pthread_join(thread, NULL);
}

static const struct {
    const char *words;
    int signal; /* 0: it exits */
} ends[] = {
    {"ended the program with exit()", 0}, {"ended the program with exit()", 0},
    {"aborted (SIGABRT)", SIGABRT},       {"crashed (SIGSEGV)", SIGSEGV},
    {"crashed (SIGFPE)", SIGFPE},         {"crashed (SIGBUS)", SIGBUS},
    {"crashed (SIGILL)", SIGILL},         {"crashed (SIGSEGV)", SIGSEGV},
};

START_TEST(y5_a_program_that_ends_in_a_plugin_names_it)
{
    char text[4096], line[256];
    start();
    how = _i;
    if (SANITIZED)
        return;
    int status = run(find_once, text, sizeof text);
    snprintf(line, sizeof line, "koppel: plugin inside %s in find of thing, connection shop\n",
             ends[how].words);
    ck_assert_msg(!WIFEXITED(status) || WEXITSTATUS(status) != 0, "status %d", status);
    ck_assert_msg(strstr(text, line) != NULL, "%s", text);
    if (ends[how].signal) {
        ck_assert(WIFSIGNALED(status));
        ck_assert_int_eq(WTERMSIG(status), ends[how].signal);
    } else {
        ck_assert(WIFEXITED(status));
        ck_assert_int_eq(WEXITSTATUS(status), CALL_EXIT_STATUS);
    }
}
END_TEST

static void exit_outside(void)
{
    exit(5);
}

START_TEST(y5_an_exit_outside_of_plugins_is_as_ever)
{
    char text[4096];
    if (SANITIZED)
        return;
    int status = run(exit_outside, text, sizeof text);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 5);
    ck_assert_ptr_null(strstr(text, "koppel:"));
}
END_TEST

static void stop_with_one_blocked(void)
{
    pthread_t thread;
    inside_body.probe = block;
    atomic_store(&release, false);
    pthread_create(&thread, NULL, probe_thread, NULL);
    while (atomic_load(&seen.active) == 0)
        usleep(1000);
    call_give_up_after(100, 3);
    pthread_join(thread, NULL); /* as the engine waits for its threads */
}

static void stop_with_none_blocked(void)
{
    call_give_up_after(1, 3);
    usleep(100000);
    exit(0);
}

START_TEST(y5_the_program_stops_without_a_call_that_blocks)
{
    char text[4096];
    start();
    if (SANITIZED)
        return;
    int status = run(stop_with_one_blocked, text, sizeof text);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 3);
    ck_assert_msg(strstr(text, "plugin inside, probe, connection shop") != NULL, "%s", text);
    status = run(stop_with_none_blocked, text, sizeof text);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

UNIT_MAIN("call")
{
    tcase_add_checked_fixture(t, setup, teardown);
    /* First those that fork: a process that was forked has no watching thread of its own. */
    LOOP(y5_a_program_that_ends_in_a_plugin_names_it, ends);
    tcase_add_test(t, y5_an_exit_outside_of_plugins_is_as_ever);
    tcase_add_test(t, y5_the_program_stops_without_a_call_that_blocks);
    tcase_add_test(t, y5_a_call_that_blocks_is_named_and_others_go_on);
    tcase_add_test(t, y5_time_inside_the_host_is_not_the_plugins);
}
