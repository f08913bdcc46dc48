/* SPDX-License-Identifier: MIT
 * loud: functions of a value and of a record, one with what prepare() makes. Built once against ABI
 * 1.1 and kept as loud.so, which every later program must load and call; this source is never built
 * again. */
#include "koppel/sdk.h"

#include <stdlib.h>

static const char catalogue_text[] =
    "{\"schema\":1,\"title\":\"Loud\",\"functions\":["
    "{\"name\":\"shout\",\"takes\":[\"text\"],\"gives\":\"text\",\"help\":\"With marks behind it.\","
    "\"args\":[{\"name\":\"marks\",\"type\":\"integer\",\"min\":1,\"max\":9,\"default\":1,"
    "\"help\":\"how many\"}],"
    "\"examples\":[{\"in\":\"hi\",\"args\":[2],\"out\":\"hi!!\"}]},"
    "{\"name\":\"only-dear\",\"of\":\"record\",\"help\":\"Records above a price.\","
    "\"args\":[{\"name\":\"price\",\"type\":\"decimal\",\"required\":true,\"help\":\"the least\"}],"
    "\"examples\":[{\"in\":{\"price\":\"2\"},\"args\":[\"1\"],\"out\":{\"price\":\"2\"}},"
    "{\"in\":{\"price\":\"1\"},\"args\":[\"1.5\"],\"skip\":\"not dear\"}]}]}";

static int apply(const struct koppel_call *c, json_t **out)
{
    char sign[KOPPEL_DECIMAL_TEXT];
    if (c->function == 1) {
        if (c->host->decimal(c->ctx, KOPPEL_DECIMAL_COMPARE, koppel_get_text(c->value, "price", "0"),
                             koppel_call_arg(c, 0), -1, 0, sign, c->err) != 0)
            return -1;
        if (sign[0] == '-')
            return c->host->skip(c->ctx, "it is not dear");
        return koppel_call_give(c, json_incref(c->value), out);
    }
    if (!c->value)
        return koppel_call_give(c, json_null(), out);
    if (!c->text)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no text");
    return koppel_call_give(c, json_sprintf("%s%s", c->text, (const char *)c->prepared), out);
}

static int prepare(const struct koppel_call *c, void **out)
{
    int64_t marks = c->function == 0 ? koppel_call_int(c, 0) : 0;
    char *text = malloc((size_t)marks + 1);
    if (!text)
        return c->host->fail(c->err, KOPPEL_E_RETRY, "out of memory");
    memset(text, '!', (size_t)marks);
    text[marks] = '\0';
    *out = text;
    return 0;
}

KOPPEL_REGISTER_PREPARED("loud", "1.1", catalogue_text, 2, apply, prepare, free);
