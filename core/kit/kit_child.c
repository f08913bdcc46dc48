/* SPDX-License-Identifier: MIT
 * Children of the kit. What they have to say lies in memory that both sides share; what the plugin
 * prints goes into a file without a name. */
#include "kit/kit_child.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DOING_BYTES 160
#define PRINTED_BYTES 240
#define MEMORY_MAX (2ull * 1024 * 1024 * 1024)
#define FILE_MAX (256ull * 1024 * 1024)
#define OPEN_FILES_MAX 512

struct shared {
    atomic_int done;
    enum kit_child_outcome outcome, beside;
    char text[KIT_CHILD_TEXT_BYTES], doing[DOING_BYTES];
};

/* Of this process: what it shares with its parent, and where its output goes. */
static struct shared *shared;
static int printed = -1;
static void (*end_process)(int status);

static enum kit_child_outcome say(enum kit_child_outcome outcome, const char *format, va_list args)
{
    if (shared) {
        vsnprintf(shared->text, sizeof shared->text, format, args);
        for (char *c = shared->text; *c; c++)
            *c = (unsigned char)*c < ' ' ? ' ' : *c;
    }
    return outcome;
}

enum kit_child_outcome kit_child_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)say(KIT_FAIL, format, args);
    va_end(args);
    return KIT_FAIL;
}

enum kit_child_outcome kit_child_nothing(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)say(KIT_NOTHING, format, args);
    va_end(args);
    return KIT_NOTHING;
}

void kit_child_doing(const char *format, ...)
{
    va_list args;
    if (!shared)
        return;
    va_start(args, format);
    vsnprintf(shared->doing, sizeof shared->doing, format, args);
    va_end(args);
}

static size_t read_printed(int fd, char *out, size_t room)
{
    ssize_t n = fd >= 0 ? pread(fd, out, room - 1, 0) : 0;
    out[n > 0 ? n : 0] = '\0';
    return n > 0 ? (size_t)n : 0;
}

size_t kit_child_printed(char *out, size_t room)
{
    (void)fflush(NULL);
    return read_printed(printed, out, room);
}

static void limit(int which, rlim_t value)
{
    struct rlimit l;
    if (getrlimit(which, &l) != 0)
        return;
    l.rlim_cur = l.rlim_max != RLIM_INFINITY && l.rlim_max < value ? l.rlim_max : value;
    (void)setrlimit(which, &l);
}

static int times_of(const struct kit_child_limits *limits)
{
    return limits->times > 0 ? limits->times : 1;
}

/* What holds for every child before it begins. */
static void settle_in(const struct kit_child_limits *limits)
{
    static const int usual[] = {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL, SIGPIPE};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        (void)signal(usual[i], SIG_DFL);
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)dup2(printed, STDOUT_FILENO);
    (void)dup2(printed, STDERR_FILENO);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, FILE_MAX);
    limit(RLIMIT_NOFILE, OPEN_FILES_MAX);
    limit(RLIMIT_CPU, (rlim_t)KIT_CHILD_SECONDS * (rlim_t)times_of(limits));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    limit(RLIMIT_AS, MEMORY_MAX);
#endif
    if (limits->folder && chdir(limits->folder) != 0)
        (void)kit_child_fail("%s: %s", limits->folder, strerror(errno));
}

/* How it ended, where it did not say so itself. */
static void tell_end(int status, bool late, int seconds, int fd, struct kit_child_result *out)
{
    char words[PRINTED_BYTES];
    const char *in = shared->doing[0] ? shared->doing : "the check";
    size_t n = read_printed(fd, words, sizeof words);
    for (size_t i = 0; i < n; i++)
        words[i] = (unsigned char)words[i] < ' ' ? ' ' : words[i];
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        snprintf(out->text, sizeof out->text, "%s did not end within %d s of work", in, seconds);
    else if (late)
        snprintf(out->text, sizeof out->text, "%s did not end within %d s", in, seconds);
    else if (WIFSIGNALED(status))
        snprintf(out->text, sizeof out->text, "%s ended the process with signal %d (SIG%s)%s%s", in,
                 WTERMSIG(status),
                 sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status)) : "?",
                 n ? ": " : "", words);
    else
        snprintf(out->text, sizeof out->text, "%s ended the process with exit status %d%s%s", in,
                 WEXITSTATUS(status), n ? ": " : "", words);
}

/* true: it ended; false: its time was up, and it was ended. */
static bool wait_for(pid_t child, int seconds, int *status)
{
    struct timespec left = {.tv_sec = seconds};
    struct timespec tick = {.tv_sec = 1};
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    for (; left.tv_sec > 0; left.tv_sec--) {
        pid_t ended;
        while ((ended = waitpid(child, status, WNOHANG)) == 0 &&
               sigtimedwait(&children, NULL, &tick) > 0)
            continue;
        if (ended != 0)
            return ended == child;
    }
    (void)kill(-child, SIGKILL);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, status, 0);
    return false;
}

int kit_child_run(enum kit_child_outcome (*run)(void *arg), void *arg,
                  const struct kit_child_limits *limits, struct kit_child_result *out,
                  struct koppel_error *err)
{
    int seconds = KIT_CHILD_WAIT * times_of(limits), status = 0;
    sigset_t children, before;
    *out = (struct kit_child_result){.outcome = KIT_FAIL};
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        shared = NULL;
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    printed = memfd_create("printed", MFD_CLOEXEC);
    end_process = limits->end;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, &before);
    (void)fflush(NULL);
    pid_t child = printed >= 0 ? fork() : -1;
    if (child == 0) {
        settle_in(limits);
        shared->outcome = shared->text[0] ? KIT_FAIL : run(arg);
        atomic_store(&shared->done, 1);
        end_process(0);
    }
    bool ended = child > 0 && wait_for(child, seconds, &status);
    if (child > 0) {
        (void)kill(-child, SIGKILL); /* what it left behind */
        out->outcome = atomic_load(&shared->done) ? shared->outcome : KIT_FAIL;
        snprintf(out->text, sizeof out->text, "%s", shared->text);
        if (!atomic_load(&shared->done) || !ended || !WIFEXITED(status) ||
            WEXITSTATUS(status) != 0) {
            tell_end(status, !ended, ended ? KIT_CHILD_SECONDS * times_of(limits) : seconds,
                     printed, out);
            out->outcome = KIT_FAIL;
        }
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (printed >= 0)
        close(printed);
    printed = -1;
    munmap(shared, sizeof *shared);
    shared = NULL;
    return child > 0 ? 0 : err_set(err, KOPPEL_E_RETRY, "no process: %s", strerror(errno));
}

enum kit_child_outcome kit_child_beside(enum kit_child_outcome (*run)(void *arg), void *arg)
{
    int status = 0;
    shared->beside = KIT_FAIL;
    pid_t child = fork();
    if (child < 0)
        return kit_child_fail("no process: %s", strerror(errno));
    if (child == 0) {
        shared->beside = run(arg);
        end_process(0);
    }
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return kit_child_fail("%s ended the process", shared->doing);
    return shared->beside;
}
