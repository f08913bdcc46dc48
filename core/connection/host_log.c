/* SPDX-License-Identifier: MIT
 * What plugins say. One that has a word for each record does not drown what an owner should see:
 * what goes beyond some lines a minute is for those who asked for more. */
#include "connection/host_log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "connection/instance.h"

#define TEXT_BYTES 2048
#define MINUTE_MS 60000
#define LINES_A_MINUTE 20

/* Transforms have no instance that could count, and hardly ever a word. */
static pthread_mutex_t transforms_lock = PTHREAD_MUTEX_INITIALIZER;
static struct host_log_said transforms;

/* Counts a line. *left_out: how many were held back in the minute that is over. false: hold it
 * back. */
static bool may_say(struct koppel_context *ctx, int *left_out)
{
    pthread_mutex_t *lock = ctx->connection ? &ctx->connection->lock : &transforms_lock;
    struct host_log_said *said = ctx->connection ? &ctx->connection->said : &transforms;
    pthread_mutex_lock(lock);
    int64_t now = clock_monotonic_ms();
    *left_out = 0;
    if (said->since_ms == 0 || now - said->since_ms >= MINUTE_MS) {
        *left_out = said->left_out;
        *said = (struct host_log_said){.since_ms = now};
    }
    bool may = said->lines < LINES_A_MINUTE;
    said->lines += may;
    said->left_out += !may;
    pthread_mutex_unlock(lock);
    return may;
}

void host_log(struct koppel_context *ctx, uint32_t level, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (level < KOPPEL_LOG_ERROR || level > KOPPEL_LOG_DEBUG)
        level = KOPPEL_LOG_INFO;
    const struct log_about *about = LOG_ABOUT(
        .event = "plugin", .plugin = ctx->plugin->entry.name,
        .connection = ctx->connection ? ctx->connection->conf->name : NULL);
    int left_out = 0;
    if ((enum log_level)level <= LOG_INFO && !may_say(ctx, &left_out))
        level = KOPPEL_LOG_DEBUG;
    if (left_out > 0)
        log_info(about, "%d more lines like these were left out", left_out);
    log_at((enum log_level)level, about, "%s", text);
}
