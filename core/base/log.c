/* SPDX-License-Identifier: MIT
 * Log lines on standard error. */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mask.h"
#include "base/visible.h"

static enum log_level current = LOG_INFO;

void log_set_level(enum log_level level)
{
    current = level;
}

enum log_level log_level(void)
{
    return current;
}

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_ERROR: return "error";
    case LOG_WARNING: return "warning";
    case LOG_INFO: return "info";
    case LOG_DEBUG: return "debug";
    }
    return "info";
}

/* One write per line keeps the lines of several threads whole. */
static void write_all(const char *text, size_t bytes)
{
    while (bytes > 0) {
        ssize_t n = write(STDERR_FILENO, text, bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        text += n;
        bytes -= (size_t)n;
    }
}

void log_at(enum log_level level, const char *format, ...)
{
    int saved = errno;
    va_list args;
    char *text, *line;
    int n;
    if (level > current)
        return;
    va_start(args, format);
    n = vasprintf(&text, format, args);
    va_end(args);
    if (n < 0)
        goto out;
    /* Before the line breaks go: a secret may hold one. */
    mask_text(text);
    /* One line: a line break in the text would forge a second one. */
    char *shown = visible_text(text, false);
    n = shown ? asprintf(&line, "%s: %s\n", level_name(level), shown) : -1;
    free(text);
    free(shown);
    if (n < 0)
        goto out;
    write_all(line, (size_t)n);
    free(line);
out:
    errno = saved;
}
