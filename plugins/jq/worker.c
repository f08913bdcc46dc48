/* SPDX-License-Identifier: MIT
 * Processes that run jq programs: started with nothing but their socket, and ended where they do
 * not answer. */
#include "worker.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define IDLE_MAX 16

struct worker {
    pid_t pid;
    int fd;
    bool used; /* it has answered before */
};

/* What all threads share. */
static struct {
    pthread_mutex_t lock;
    struct worker idle[IDLE_MAX];
    int count, holders;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- start and end ---- */

/* In a tree that is not installed the program lies one folder above the plugin, or beside it. */
static bool find_program(char out[PATH_MAX])
{
    static const char *const beside[] = {"/koppel-jq", "/../koppel-jq"};
    Dl_info self;
    const char *end = dladdr(&pool, &self) ? strrchr(self.dli_fname, '/') : NULL;
    for (size_t i = 0; end && i < sizeof beside / sizeof beside[0]; i++) {
        int n = snprintf(out, PATH_MAX, "%.*s%s", (int)(end - self.dli_fname), self.dli_fname,
                         beside[i]);
        if (n > 0 && n < PATH_MAX && access(out, X_OK) == 0)
            return true;
    }
    snprintf(out, PATH_MAX, "%s", KOPPEL_JQ);
    return access(out, X_OK) == 0;
}

/* The socket as standard input, no environment, no signal blocked or ignored. */
static bool spawn(const char *path, int fd, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    char name[] = "koppel-jq", *const argv[] = {name, NULL}, *const env[] = {NULL};
    if (posix_spawn_file_actions_init(&files) != 0)
        return false;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return false;
    }
    sigemptyset(&none);
    sigfillset(&all);
    bool ready =
        posix_spawn_file_actions_adddup2(&files, fd, 0) == 0 &&
        posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0) == 0 &&
        posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0) == 0 &&
        posix_spawnattr_setsigmask(&attributes, &none) == 0 &&
        posix_spawnattr_setsigdefault(&attributes, &all) == 0 &&
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0;
    ready = ready && posix_spawn(pid, path, &files, &attributes, argv, env) == 0;
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return ready;
}

/* A read or write that takes that long fails. */
static bool bound_time(int fd)
{
    const struct timeval limit = {.tv_sec = WIRE_WALL_SECONDS};
    return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0 &&
           setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0;
}

static bool start(struct worker *out)
{
    char path[PATH_MAX];
    int ends[2];
    if (!find_program(path) || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    *out = (struct worker){.fd = ends[0]};
    bool started = bound_time(ends[0]) && spawn(path, ends[1], &out->pid);
    close(ends[1]);
    if (!started)
        close(ends[0]);
    return started;
}

/* It could not set its own bounds. */
#define NO_BOUNDS -1

/* How it ended: 0, the signal, or NO_BOUNDS. */
static int end(struct worker *w)
{
    int status = 0;
    close(w->fd);
    kill(w->pid, SIGKILL);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == WIRE_NO_BOUNDS)
        return NO_BOUNDS;
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* ---- the pool ---- */

static bool take(struct worker *out)
{
    pthread_mutex_lock(&pool.lock);
    bool have = pool.count > 0;
    if (have)
        *out = pool.idle[--pool.count];
    pthread_mutex_unlock(&pool.lock);
    return have || start(out);
}

static void give_back(struct worker *w)
{
    w->used = true;
    pthread_mutex_lock(&pool.lock);
    bool keep = pool.holders > 0 && pool.count < IDLE_MAX;
    if (keep)
        pool.idle[pool.count++] = *w;
    pthread_mutex_unlock(&pool.lock);
    if (!keep)
        end(w);
}

void worker_hold(void)
{
    pthread_mutex_lock(&pool.lock);
    pool.holders++;
    pthread_mutex_unlock(&pool.lock);
}

void worker_release(void)
{
    pthread_mutex_lock(&pool.lock);
    if (--pool.holders == 0) {
        for (int i = 0; i < pool.count; i++)
            end(&pool.idle[i]);
        pool.count = 0;
    }
    pthread_mutex_unlock(&pool.lock);
}

/* ---- questions ---- */

enum transfer { DONE, LATE, CLOSED };

static enum transfer failed(ssize_t n)
{
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? LATE : CLOSED;
}

static enum transfer put(int fd, const void *data, size_t bytes)
{
    const char *p = data;
    while (bytes > 0) {
        ssize_t n = send(fd, p, bytes, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failed(n);
        p += n;
        bytes -= (size_t)n;
    }
    return DONE;
}

static enum transfer get(int fd, void *out, size_t bytes)
{
    char *p = out;
    while (bytes > 0) {
        ssize_t n = recv(fd, p, bytes, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failed(n);
        p += n;
        bytes -= (size_t)n;
    }
    return DONE;
}

static enum transfer exchange(int fd, enum wire_kind kind, const char *program, const char *input,
                              struct wire_answer *answer, char **text)
{
    struct wire_question q = {(uint32_t)kind, (uint32_t)strlen(program),
                              input ? (uint32_t)strlen(input) : 0};
    enum transfer t = put(fd, &q, sizeof q);
    if (t == DONE)
        t = put(fd, program, q.program_bytes);
    if (t == DONE)
        t = put(fd, input, q.input_bytes);
    if (t == DONE)
        t = get(fd, answer, sizeof *answer);
    if (t != DONE)
        return t;
    char *room = answer->bytes <= WIRE_TEXT_BYTES ? malloc((size_t)answer->bytes + 1) : NULL;
    t = room ? get(fd, room, answer->bytes) : CLOSED;
    if (t != DONE) {
        free(room);
        return t;
    }
    room[answer->bytes] = '\0';
    *text = room;
    return DONE;
}

enum worker_outcome worker_ask(enum wire_kind kind, const char *program, const char *input,
                               enum wire_status *status, char **text)
{
    struct worker w;
    struct wire_answer answer;
    for (;;) {
        if (!take(&w))
            return WORKER_MISSING;
        enum transfer t = exchange(w.fd, kind, program, input, &answer, text);
        if (t == DONE) {
            give_back(&w);
            *status = (enum wire_status)answer.status;
            return WORKER_ANSWER;
        }
        /* one that has run may have ended by what earlier programs left in its memory */
        bool fresh = !w.used;
        int signal_of_end = t == LATE ? SIGXCPU : end(&w);
        if (t == LATE)
            end(&w);
        if (signal_of_end == SIGXCPU)
            return WORKER_TIME;
        if (fresh)
            return signal_of_end == NO_BOUNDS ? WORKER_MISSING : WORKER_ENDED;
    }
}
