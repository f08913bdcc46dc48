/* SPDX-License-Identifier: MIT
 * Locks by name: among the threads of this process by a list, among hosts by the store. */
#include "store/keylock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define HOST_WAIT_MS 20      /* between questions whether another host is through; doubled up to */
#define HOST_WAIT_MAX_MS 200

struct keylock {
    struct keylock *next;
    struct store *store;
    int waiting; /* threads that hold or want it */
    bool held;
    char name[];
};

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER; /* guards the list and its members */
static pthread_cond_t given = PTHREAD_COND_INITIALIZER;
static struct keylock *first;

/* Under list_lock. NULL: no memory. */
static struct keylock *named(struct store *s, const char *name)
{
    struct keylock *lock = first;
    while (lock && (lock->store != s || strcmp(lock->name, name) != 0))
        lock = lock->next;
    if (lock)
        return lock;
    size_t bytes = strlen(name) + 1;
    lock = calloc(1, sizeof *lock + bytes);
    if (!lock)
        return NULL;
    memcpy(lock->name, name, bytes);
    lock->store = s;
    lock->next = first;
    first = lock;
    return lock;
}

/* Under list_lock. */
static void leave(struct keylock *lock)
{
    if (--lock->waiting > 0)
        return;
    struct keylock **at = &first;
    while (*at != lock)
        at = &(*at)->next;
    *at = lock->next;
    free(lock);
}

/* Other hosts hold names in the store. */
static int take_from_hosts(struct keylock *lock, int64_t for_ms,
                           bool (*stopping)(const void *arg), const void *arg,
                           struct koppel_error *err)
{
    int64_t wait = HOST_WAIT_MS;
    for (;;) {
        int taken = 0;
        if (lock->store->ops->lock(lock->store, lock->name, for_ms, &taken, err) != 0)
            return -1;
        if (taken)
            return 0;
        if (stopping && stopping(arg))
            return err_set(err, KOPPEL_E_CANCELLED, "stopped");
        int64_t ms = wait / 2 + clock_random((uint32_t)wait);
        struct timespec until;
        clock_deadline(ms, &until);
        pthread_mutex_lock(&list_lock);
        (void)pthread_cond_clockwait(&given, &list_lock, CLOCK_MONOTONIC, &until);
        pthread_mutex_unlock(&list_lock);
        wait = wait * 2 > HOST_WAIT_MAX_MS ? HOST_WAIT_MAX_MS : wait * 2;
    }
}

struct keylock *keylock_take(struct store *s, const char *name, int64_t for_ms,
                             bool (*stopping)(const void *arg), const void *arg,
                             struct koppel_error *err)
{
    pthread_mutex_lock(&list_lock);
    struct keylock *lock = named(s, name);
    if (lock) {
        lock->waiting++;
        while (lock->held)
            pthread_cond_wait(&given, &list_lock);
        lock->held = true;
    }
    pthread_mutex_unlock(&list_lock);
    if (!lock) {
        (void)err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    if (take_from_hosts(lock, for_ms, stopping, arg, err) == 0)
        return lock;
    pthread_mutex_lock(&list_lock);
    lock->held = false;
    pthread_cond_broadcast(&given);
    leave(lock);
    pthread_mutex_unlock(&list_lock);
    return NULL;
}

void keylock_give(struct keylock *lock)
{
    if (!lock)
        return;
    lock->store->ops->unlock(lock->store, lock->name);
    pthread_mutex_lock(&list_lock);
    lock->held = false;
    pthread_cond_broadcast(&given);
    leave(lock);
    pthread_mutex_unlock(&list_lock);
}
