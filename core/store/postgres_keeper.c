/* SPDX-License-Identifier: MIT
 * The store's own work, and news. */
#include "store/postgres_keeper.h"

#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/postgres_pool.h"
#include "store/postgres_session.h"
#include "store/postgres_upgrade.h"
#include "store/sql_chores.h"
#include "store/sql_host.h"

#define LOOK_MS 1000    /* how often the store is asked for news */
#define SOON_MS 500     /* what is written meanwhile is one slice */
#define FAILED_MS 60000
#define SCHEMA_MS 60000

int postgres_keeper_news(struct store *base)
{
    struct postgres_store *s = postgres_of(base);
    pthread_mutex_lock(&s->lock);
    if (s->news_fd < 0 && s->sql.mode == STORE_ENGINE)
        s->news_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    int fd = s->news_fd;
    pthread_mutex_unlock(&s->lock);
    return fd;
}

/* And how late it is there. */
static int get_news(struct sql_store *base, struct conn *c, void *arg, struct koppel_error *err)
{
    int64_t *news = arg, asked = clock_monotonic_ms();
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_NEWS, err, "");
    if (row != 1)
        return -1;
    postgres_session_saw(&postgres_of(&base->base)->place, asked, conn_int64(st, 0));
    *news = conn_int64(st, 1);
    conn_reset(st);
    return 0;
}

/* Who left an order counted the number on. */
static void look_for_news(struct postgres_store *s)
{
    int64_t news;
    if (sql_look(&s->sql, get_news, &news, NULL) != 0)
        return; /* whoever works tells what is wrong */
    bool new = s->news && news != s->news;
    s->news = news ? news : 1;
    uint64_t one = 1;
    if (new && s->news_fd >= 0 && write(s->news_fd, &one, sizeof one) < 0)
        return; /* it is full: somebody will read it */
}

/* Tells which schema this program knows, and takes the tables on to it once nobody needs the older
 * ones; the host that leads does. When to look again, by the monotonic clock. */
static int64_t look_at_schema(struct postgres_store *s)
{
    struct koppel_error err = {0};
    enum postgres_upgrade_end end;
    int from, to;
    int rc = postgres_upgrade_tell(s, &err);
    if (rc == 0 && atomic_load(&s->sql.leads))
        rc = postgres_upgrade(s, false, &end, &from, &to, &err);
    if (rc != 0 && err.kind != KOPPEL_E_RETRY)
        log_warning(LOG_ABOUT(.event = "store"), "store %s: its schema is not taken on: %s",
                    s->sql.path, err.text);
    return clock_monotonic_ms() + SCHEMA_MS;
}

/* Every chore that is due; in how many ms the next one is. */
static int64_t do_chores(struct postgres_store *s, int64_t due_ms[SQL_CHORES])
{
    int64_t next = INT64_MAX;
    for (int i = 0; sql_chores_all[i]; i++) {
        struct koppel_error err = {0};
        int64_t again_ms = -1, now = clock_monotonic_ms();
        if (due_ms[i] <= now) {
            if (postgres_pool_chore(s, sql_chores_all[i], &again_ms, &err) != 0) {
                log_warning(LOG_ABOUT(.event = "store"),
                            "store %s: what it does by itself waits: %s", s->sql.path, err.text);
                again_ms = FAILED_MS;
            }
            due_ms[i] = again_ms < 0 ? INT64_MAX : now + again_ms;
        }
        next = due_ms[i] < next ? due_ms[i] : next;
    }
    return next;
}

static void *keeper_main(void *arg)
{
    struct postgres_store *s = arg;
    int64_t due_ms[SQL_CHORES] = {0}, schema_ms = 0;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        struct timespec until;
        if (s->written) {
            s->written = false;
            for (int i = 0; i < SQL_CHORES; i++) {
                if (due_ms[i] == INT64_MAX)
                    due_ms[i] = clock_monotonic_ms() + SOON_MS;
            }
        }
        pthread_mutex_unlock(&s->lock);
        look_for_news(s);
        (void)sql_host_beat(&s->sql, NULL); /* whoever works tells what is wrong */
        if (clock_monotonic_ms() >= schema_ms)
            schema_ms = look_at_schema(s);
        int64_t next = do_chores(s, due_ms), left = next - clock_monotonic_ms();
        clock_deadline(left < 0 ? 0 : left < LOOK_MS ? left : LOOK_MS, &until);
        pthread_mutex_lock(&s->lock);
        while (!s->stopping && pthread_cond_timedwait(&s->wakes, &s->lock, &until) == 0)
            ;
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

int postgres_keeper_start(struct postgres_store *s, struct koppel_error *err)
{
    /* before anything is asked for, so that shares are known */
    if (sql_host_beat(&s->sql, err) != 0)
        return -1;
    int problem = pthread_create(&s->keeper, NULL, keeper_main, s);
    if (problem != 0)
        return err_set(err, KOPPEL_E_RETRY, "cannot start the store's keeper: %s",
                       strerror(problem));
    s->keeps = true;
    return 0;
}

void postgres_keeper_stop(struct postgres_store *s)
{
    if (!s->keeps)
        return;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->wakes);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->keeper, NULL);
    s->keeps = false;
    sql_host_end(&s->sql);
}
