/* SPDX-License-Identifier: MIT
 * The book as JSON, and where it is kept: one sealed value of the store, so that whoever asks, with
 * an engine or without, sees the same. */
#ifndef KOPPEL_ALERT_ALERT_BOOK_JSON_H
#define KOPPEL_ALERT_ALERT_BOOK_JSON_H

#include "alert/alert_book.h"
#include "store/store.h"

/* All of it. NULL: no memory. */
json_t *alert_book_json(const struct alert_book *b);
/* One alert: {"alert": its number, "rule", "severity", "subject", "cause", "state", "count",
 * "since", "opened", "told", "over", "until" (RFC 3339 or null), "acknowledged" (by whom, or null),
 * "silenced" (or null), "flaps", "facts"}. NULL: no memory. */
json_t *alert_book_json_row(const struct alert *a);
/* b is zeroed before. What is no book gives an empty one. */
int alert_book_json_read(struct alert_book *b, const json_t *json, struct koppel_error *err);

/* What the store keeps; *rev: for keeping it. b is zeroed before. */
int alert_book_json_load(struct alert_book *b, struct store *s, int64_t *rev,
                         struct koppel_error *err);
/* Keeps it. *lost: somebody else kept another one since; nothing was written. */
int alert_book_json_keep(const struct alert_book *b, struct store *s, int64_t rev, int *lost,
                         struct koppel_error *err);

#endif
