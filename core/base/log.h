/* SPDX-License-Identifier: MIT
 * Log lines on standard error: one line each, what it is about in fields, the words in `msg`.
 *
 *     time=2026-11-27T07:10:33.123Z level=warning event=parked flow=orders job=orders/3/1 msg="..."
 *
 * That is logfmt; as JSON each line is an object with the same names. Where standard error is
 * systemd's journal, the line begins with its priority ("<4>") and has no time of its own.
 *
 * Secrets cannot be printed: struct secret has no text the format functions take, and every secret
 * that was registered with mask_add() is replaced by "****". Personal data has no place here. */
#ifndef KOPPEL_BASE_LOG_H
#define KOPPEL_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_ERROR = 1, LOG_WARNING, LOG_INFO, LOG_DEBUG };
enum log_form { LOG_LOGFMT, LOG_JSON };

/* What a line is about. NULL, "" or 0: nothing of the kind. All texts are borrowed. */
struct log_about {
    const char *event; /* what happened, in one word that stays; koppel(1) lists them */
    const char *flow, *connection, *plugin;
    const char *job;    /* "orders/3/1024" */
    const char *reason; /* code of an error or an outcome */
    int64_t count;      /* how many the line stands for */
};
#define LOG_ABOUT(...) (&(const struct log_about){__VA_ARGS__})

/* Before threads start; default LOG_INFO, LOG_LOGFMT. The form looks for the journal too. */
void log_set_level(enum log_level level);
void log_set_form(enum log_form form);
enum log_level log_level(void);
/* "<3>" where lines begin with a priority of the journal, else "". For signal handlers too. */
const char *log_priority(enum log_level level);
/* A progress bar stands on the terminal's last line: it is wiped before a line is written. */
void log_over_bar(bool bar);

/* From any thread; one write per line. about may be NULL. Keeps errno. */
void log_at(enum log_level level, const struct log_about *about, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_error(...) log_at(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_at(LOG_WARNING, __VA_ARGS__)
#define log_info(...) log_at(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_at(LOG_DEBUG, __VA_ARGS__)

#endif
