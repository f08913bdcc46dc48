/* SPDX-License-Identifier: MIT
 * It writes in asctime()'s buffer, which all threads share. */
#include <time.h>

#define SHOUT_EXAMPLE                                                                              \
    "{\"in\":\"1\",\"args\":[\"?\"],\"out\":\"Jan?\"},"                                            \
    "{\"in\":\"7\",\"args\":[\"?\"],\"out\":\"Jul?\"}"
#include "gallery_transform.h"

#define WORK 2000000

/* The month's name. */
static int bad(const struct koppel_call *c, json_t **out)
{
    int64_t month = 0;
    if (c->function != 0 || koppel_parse_int(c->text, &month) < 0 || month < 1 || month > 12)
        return shout(c, out);
    const struct tm day = {.tm_year = 126, .tm_mon = (int)month - 1, .tm_mday = 1};
    const char *words = asctime(&day), *marks = koppel_call_arg(c, 0);
    for (volatile int i = 0; i < WORK; i++)
        continue;
    return koppel_call_give(c, json_sprintf("%.3s%s", words + 4, marks ? marks : "!"), out);
}

SHOUT(bad);
