/* SPDX-License-Identifier: MIT
 * acme: functions that mappings call. A function is pure: the same value and arguments give the same
 * outcome, whoever calls it and when. koppel-plugin(7) tells the rules, and `make check` holds it
 * against them. */
#include "koppel/sdk.h"
#include "acme_catalogue.h"

/* "quote": arguments come checked, in the form of the type that the catalogue declares. */
static int quote(const struct koppel_call *c, json_t **out)
{
    const char *mark = koppel_call_arg(c, 0);
    if (!c->value)
        return koppel_call_give(c, json_null(), out); /* nothing in, nothing out */
    if (!c->text)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no text");
    return koppel_call_give(c, json_sprintf("%s%s%s", mark, c->text, mark), out);
}

/* "only-tagged", of whole records: gives one, or says why it is left out. */
static int only_tagged(const struct koppel_call *c, json_t **out)
{
    const char *tag = koppel_get_text(c->value, "tag", "");
    if (!*tag)
        return c->host->skip(c->ctx, "it has no tag");
    return koppel_call_give(c, json_incref(c->value), out);
}

/* Functions by their number in the catalogue. */
static int apply(const struct koppel_call *c, json_t **out)
{
    return c->function == 0 ? quote(c, out) : only_tagged(c, out);
}

KOPPEL_REGISTER_TRANSFORM("acme", "0.1.0", catalogue_text, 2, apply);
