/* SPDX-License-Identifier: MIT
 * Preloaded: every clock is ahead by as many milliseconds as the file of KOPPEL_TEST_CLOCK says
 * (eight bytes, which a test changes while programs run), and a wait ends when the moved clock says
 * so. Waits for a relative time, those of poll() and of curl among them, last as long as ever. With
 * KOPPEL_TEST_CLOCK_WALL only the time of day is moved, as by who sets a clock. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS INT64_C(1000000000)
#define SLICE_NS INT64_C(20000000) /* how late a wait notices that the clock was moved */

static _Atomic int64_t none;
static _Atomic int64_t *ahead = &none;
static int wall; /* only the time of day is moved */
static int (*real_gettime)(clockid_t, struct timespec *);
static int (*real_wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
static int (*real_clockwait)(pthread_cond_t *, pthread_mutex_t *, clockid_t,
                             const struct timespec *);

__attribute__((constructor)) static void begin(void)
{
    real_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    /* The old one of x86-64 knows no attributes of a condition. */
    void *wait = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    real_wait = (int (*)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *))(
        wait ? wait : dlsym(RTLD_NEXT, "pthread_cond_timedwait"));
    real_clockwait = (int (*)(pthread_cond_t *, pthread_mutex_t *, clockid_t,
                              const struct timespec *))dlsym(RTLD_NEXT, "pthread_cond_clockwait");
    const char *path = getenv("KOPPEL_TEST_CLOCK");
    wall = getenv("KOPPEL_TEST_CLOCK_WALL") != NULL;
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *at = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (at != MAP_FAILED)
        ahead = at;
}

static int64_t ns_of(const struct timespec *ts)
{
    return (int64_t)ts->tv_sec * SECOND_NS + ts->tv_nsec;
}

static struct timespec spec_of(int64_t ns)
{
    return (struct timespec){.tv_sec = ns / SECOND_NS, .tv_nsec = ns % SECOND_NS};
}

static int64_t real_ns(clockid_t clock)
{
    struct timespec ts;
    if (!real_gettime)
        begin();
    real_gettime(clock, &ts);
    return ns_of(&ts);
}

static int moves(clockid_t clock)
{
    if (wall)
        return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME ||
           clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    if (!real_gettime)
        begin();
    int rc = real_gettime(clock, out);
    if (rc == 0 && moves(clock))
        *out = spec_of(ns_of(out) + *ahead * (SECOND_NS / 1000));
    return rc;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    (void)zone;
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    *out = (struct timeval){.tv_sec = ts.tv_sec, .tv_usec = ts.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *out)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    if (out)
        *out = ts.tv_sec;
    return ts.tv_sec;
}

/* How much of the wait until a moment of the moved clock is left, in *slice as a moment of the real
 * one. */
static int64_t wait_left(clockid_t clock, const struct timespec *until, struct timespec *slice)
{
    int64_t now = real_ns(clock), left = ns_of(until) - now;
    if (moves(clock))
        left -= *ahead * (SECOND_NS / 1000);
    *slice = spec_of(now + (left < 0 ? 0 : left < SLICE_NS ? left : SLICE_NS));
    return left;
}

/* The condition's own clock cannot be asked: what is near the time of day is of that one. */
int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until)
{
    clockid_t clock = ns_of(until) > real_ns(CLOCK_REALTIME) / 2 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    for (;;) {
        struct timespec slice;
        int64_t left = wait_left(clock, until, &slice);
        int rc = real_wait(cond, mutex, &slice);
        if (rc != ETIMEDOUT || left <= SLICE_NS)
            return rc;
    }
}

int pthread_cond_clockwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           clockid_t clock, const struct timespec *restrict until)
{
    for (;;) {
        struct timespec slice;
        int64_t left = wait_left(clock, until, &slice);
        int rc = real_clockwait(cond, mutex, clock, &slice);
        if (rc != ETIMEDOUT || left <= SLICE_NS)
            return rc;
    }
}
