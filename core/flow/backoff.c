/* SPDX-License-Identifier: MIT
 * Back-off: 0.5 s doubled per attempt up to 5 minutes, of which a random half is kept, so that many
 * waiting jobs do not come back in step. */
#include "flow/backoff.h"

#include "base/clock.h"

#define RETRY_FIRST_MS 500
#define RETRY_CAP_MS (5 * 60 * 1000)
#define RETRY_ASKED_CAP_MS (60 * 60 * 1000)

int64_t backoff_ms(int attempt, int64_t asked_ms)
{
    int64_t delay = RETRY_FIRST_MS;
    for (int i = 1; i < attempt && delay < RETRY_CAP_MS; i++)
        delay *= 2;
    if (delay > RETRY_CAP_MS)
        delay = RETRY_CAP_MS;
    delay = delay / 2 + clock_random((uint32_t)(delay / 2) + 1);
    if (asked_ms > RETRY_ASKED_CAP_MS)
        asked_ms = RETRY_ASKED_CAP_MS;
    return delay > asked_ms ? delay : asked_ms;
}
