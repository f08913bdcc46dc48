/* SPDX-License-Identifier: MIT
 * The transform that the broken ones of the gallery are made of: it passes every check. */
#ifndef GALLERY_TRANSFORM_H
#define GALLERY_TRANSFORM_H

#include "koppel/sdk.h"

#ifndef SHOUT_EXAMPLE
#define SHOUT_EXAMPLE "{\"in\":\"hi\",\"args\":[\"?\"],\"out\":\"hi?\"}"
#endif

static const char shout_catalogue[] =
    "{\"title\":\"Gallery\",\"functions\":["
    "{\"name\":\"shout\",\"help\":\"The text with marks behind it.\",\"args\":[{\"name\":\"marks\","
    "\"max\":9,\"help\":\"What stands behind it; ! without.\"}],\"examples\":[" SHOUT_EXAMPLE "]},"
    "{\"name\":\"tag\",\"of\":\"record\",\"help\":\"Records with a tag.\","
    "\"examples\":[{\"in\":{\"id\":\"1\"},\"out\":{\"id\":\"1\",\"tag\":\"x\"}},"
    "{\"in\":{\"tag\":\"x\"},\"skip\":\"has a tag\"}]}]}";

KOPPEL_MAYBE_UNUSED
static int shout(const struct koppel_call *c, json_t **out)
{
    const char *marks = koppel_call_arg(c, 0);
    if (c->function == 1) {
        json_t *made = json_is_object(c->value) ? json_copy(c->value) : NULL;
        if (json_object_get(c->value, "tag")) {
            json_decref(made);
            return c->host->skip(c->ctx, "it has a tag");
        }
        if (made && json_object_set_new(made, "tag", json_string("x")) != 0) {
            json_decref(made);
            made = NULL;
        }
        return koppel_call_give(c, made, out);
    }
    if (!c->value)
        return koppel_call_give(c, json_null(), out);
    if (!c->text)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no text");
    return koppel_call_give(c, json_sprintf("%s%s", c->text, marks ? marks : "!"), out);
}

#define SHOUT(apply) KOPPEL_REGISTER_TRANSFORM(GALLERY_NAME, "1.0", shout_catalogue, 2, apply)

#endif
