/* SPDX-License-Identifier: MIT
 * Log lines on standard error. */
#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/cut.h"
#include "base/mask.h"
#include "base/visible.h"

#define LINE_MAX_BYTES (256 * 1024)
#define WIPE "\r\033[K" /* to the line's beginning, and it is empty */

static enum log_level current = LOG_INFO;
static enum log_form form = LOG_LOGFMT;
static bool journal;
static atomic_bool over_bar;
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER; /* keeps long lines whole */

static const struct {
    const char *name, *priority;
} levels[] = {[LOG_ERROR] = {"error", "<3>"},
              [LOG_WARNING] = {"warning", "<4>"},
              [LOG_INFO] = {"info", "<6>"},
              [LOG_DEBUG] = {"debug", "<7>"}};

void log_set_level(enum log_level level)
{
    current = level;
}

enum log_level log_level(void)
{
    return current;
}

/* Is standard error the stream that systemd says is its journal's? */
static bool is_journal(void)
{
    struct stat st;
    unsigned long long device, inode;
    const char *stream = getenv("JOURNAL_STREAM");
    return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
           fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void log_set_form(enum log_form wanted)
{
    form = wanted;
    journal = is_journal();
}

const char *log_priority(enum log_level level)
{
    return journal ? levels[level].priority : "";
}

void log_over_bar(bool bar)
{
    atomic_store(&over_bar, bar);
}

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

/* ---- a line ---- */

/* Can logfmt take it without quotes? */
static bool is_plain(const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p <= ' ' || *p > '~' || *p == '"' || *p == '=' || *p == '\\')
            return false;
    }
    return *text != '\0';
}

/* A string of JSON, and so of logfmt. What would break the line or steer a terminal is \u escaped;
 * text that is no UTF-8 is made such. */
static void add_quoted(struct buf *line, const char *text)
{
    struct buf escaped;
    buf_init(&escaped, LINE_MAX_BYTES);
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            buf_add_char(&escaped, '\\');
        buf_add_char(&escaped, *p);
    }
    char *valid = buf_ok(&escaped) ? cut_valid(buf_text(&escaped), escaped.bytes) : NULL;
    char *shown = valid ? visible_text(valid, false) : NULL;
    buf_add_char(line, '"');
    buf_add_text(line, shown ? shown : "");
    buf_add_char(line, '"');
    line->failed = line->failed || !shown;
    free(shown);
    free(valid);
    buf_done(&escaped);
}

static void add_name(struct buf *line, const char *name)
{
    if (form == LOG_JSON)
        buf_printf(line, "%s\"%s\":", line->bytes > 0 ? "," : "{", name);
    else
        buf_printf(line, "%s%s=", line->bytes > 0 ? " " : "", name);
}

static void add_text(struct buf *line, const char *name, const char *text)
{
    char *masked = strdup(text);
    if (!masked) {
        line->failed = true;
        return;
    }
    /* before anything is escaped: a secret may hold what is */
    mask_text(masked);
    mask_words(masked);
    add_name(line, name);
    if (form == LOG_LOGFMT && is_plain(masked))
        buf_add_text(line, masked);
    else
        add_quoted(line, masked);
    free(masked);
}

static void add_field(struct buf *line, const char *name, const char *text)
{
    if (text && *text)
        add_text(line, name, text);
}

static void add_fields(struct buf *line, enum log_level level, const struct log_about *about)
{
    char now[CLOCK_TEXT_BYTES];
    if (!journal) {
        (void)clock_format(clock_now_ms(), now);
        add_text(line, "time", now);
    }
    add_text(line, "level", levels[level].name);
    if (!about)
        return;
    add_field(line, "event", about->event);
    add_field(line, "flow", about->flow);
    add_field(line, "connection", about->connection);
    add_field(line, "plugin", about->plugin);
    add_field(line, "job", about->job);
    add_field(line, "reason", about->reason);
    if (about->count > 0) {
        add_name(line, "count");
        buf_printf(line, "%" PRId64, about->count);
    }
}

void log_at(enum log_level level, const struct log_about *about, const char *format, ...)
{
    if (level > current)
        return;
    int saved = errno;
    char *words = NULL;
    struct buf fields, line;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&words, format, args);
    va_end(args);
    buf_init(&fields, LINE_MAX_BYTES);
    buf_init(&line, LINE_MAX_BYTES);
    add_fields(&fields, level, about);
    add_text(&fields, "msg", n < 0 ? "" : words);
    buf_printf(&line, "%s%s%s%s\n", atomic_load(&over_bar) ? WIPE : "", log_priority(level),
               buf_text(&fields), form == LOG_JSON ? "}" : "");
    if (n < 0 || !buf_ok(&fields) || !buf_ok(&line)) {
        buf_clear(&line);
        buf_printf(&line, "%slevel=error msg=\"a log line could not be made\"\n",
                   log_priority(LOG_ERROR));
    }
    pthread_mutex_lock(&writing);
    write_all(buf_text(&line), line.bytes);
    pthread_mutex_unlock(&writing);
    buf_done(&fields);
    buf_done(&line);
    if (n >= 0)
        free(words);
    errno = saved;
}
