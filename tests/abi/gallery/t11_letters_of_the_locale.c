/* SPDX-License-Identifier: MIT
 * How many letters a text has depends on the locale. */
#include <stdlib.h>

#define SHOUT_EXAMPLE                                                                              \
    "{\"in\":\"hi\",\"args\":[\"?\"],\"out\":\"hi?\"},"                                            \
    "{\"in\":\"\\u00e9\\u00e9\\u00e9\",\"error\":\"longer than four\"}"
#include "gallery_transform.h"

#define MOST 4

static int bad(const struct koppel_call *c, json_t **out)
{
    size_t letters = c->function == 0 && c->text ? mbstowcs(NULL, c->text, 0) : 0;
    if (letters == (size_t)-1)
        letters = strlen(c->text);
    if (letters > MOST)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "it is longer than four letters");
    return shout(c, out);
}

SHOUT(bad);
