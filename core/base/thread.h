/* SPDX-License-Identifier: MIT
 * Threads of the program's own, which leave signals to the one that waits for them. */
#ifndef KOPPEL_BASE_THREAD_H
#define KOPPEL_BASE_THREAD_H

#include <pthread.h>
#include <stdint.h>

/* pthread_create, with every signal blocked in the new thread and in those that it starts, but for
 * those of a crash: these are handled where it happens, and name the plugin (connection/call.h). */
int thread_start(pthread_t *out, void *(*run)(void *arg), void *arg);

/* Waits so long, by the steady clock, where nobody is to end it earlier. */
void thread_rest(int64_t ms);

#endif
