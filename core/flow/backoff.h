/* SPDX-License-Identifier: MIT
 * When to try again: exponential back-off with jitter, Retry-After obeyed. */
#ifndef KOPPEL_FLOW_BACKOFF_H
#define KOPPEL_FLOW_BACKOFF_H

#include <stdint.h>

/* Milliseconds to wait before attempt number `attempt` + 1 (attempt counts from 1). At least
 * asked_ms (the peer's Retry-After), at most an hour. */
int64_t backoff_ms(int attempt, int64_t asked_ms);

#endif
