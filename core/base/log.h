/* SPDX-License-Identifier: MIT
 * Log lines on standard error: one line each, `level: key=value ... message`.
 *
 * Secrets cannot be printed: struct secret has no text the format functions take, and every secret
 * that was registered with mask_add() is replaced by "****" in the finished line. */
#ifndef KOPPEL_BASE_LOG_H
#define KOPPEL_BASE_LOG_H

enum log_level { LOG_ERROR = 1, LOG_WARNING, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level); /* before threads start; default LOG_INFO */
enum log_level log_level(void);
void log_at(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_at(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_at(LOG_WARNING, __VA_ARGS__)
#define log_info(...) log_at(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_at(LOG_DEBUG, __VA_ARGS__)

#endif
