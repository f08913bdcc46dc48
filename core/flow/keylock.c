/* SPDX-License-Identifier: MIT
 * Striped locks: 256 mutexes, chosen by the hash of a name. */
#include "flow/keylock.h"

#include <pthread.h>

#include "store/store.h"

#define STRIPES 256

static pthread_mutex_t stripes[STRIPES];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void)
{
    for (int i = 0; i < STRIPES; i++)
        pthread_mutex_init(&stripes[i], NULL);
}

void keylock_take(const char *name)
{
    pthread_once(&once, start);
    pthread_mutex_lock(&stripes[store_partition(name, STRIPES)]);
}

void keylock_give(const char *name)
{
    pthread_mutex_unlock(&stripes[store_partition(name, STRIPES)]);
}
