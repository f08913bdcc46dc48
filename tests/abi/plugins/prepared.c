/* SPDX-License-Identifier: MIT
 * A transform that makes something of its argument once: "say:hello" puts it behind the value. The
 * argument "wrong" is refused; "bad" fails without a reason, which is against the contract. */
#include "koppel/sdk.h"

static const char catalogue_text[] =
    "{\"title\":\"Prepared\",\"functions\":[{\"name\":\"say\",\"args\":[{\"name\":\"word\","
    "\"required\":true}]}]}";

static int apply(const struct koppel_call *c, json_t **out)
{
    return koppel_call_give(c, json_sprintf("%s %s", c->text ? c->text : "", (char *)c->prepared),
                            out);
}

static int prepare(const struct koppel_call *c, void **out)
{
    const char *word = koppel_call_arg(c, 0);
    char *made;
    if (strcmp(word, "bad") == 0)
        return -1;
    if (strcmp(word, "wrong") == 0)
        return c->host->fail(c->err, KOPPEL_E_CONFIG, "\"wrong\" is no word to say");
    made = malloc(strlen(word) + 2);
    if (!made)
        return c->host->fail(c->err, KOPPEL_E_RETRY, "out of memory");
    memcpy(made, word, strlen(word) + 1);
    memcpy(made + strlen(word), "!", 2);
    *out = made;
    return 0;
}

KOPPEL_REGISTER_PREPARED("prepared", "1", catalogue_text, 1, apply, prepare, free);
