/* SPDX-License-Identifier: MIT
 * Calls of functions. */
#include "kit/kit_convert.h"

#include <stdio.h>
#include <stdlib.h>

#include "catalogue/catalogue_function.h"
#include "connection/border.h"

static const struct conf_home home = {.country = "NL", .currency = "EUR",
                                      .zone = "Europe/Amsterdam", .language = "nl"};

static const struct cat_function *function_of(const struct kit_convert *c)
{
    return &c->run->plugin->catalogue->functions[c->function];
}

/* The plugin's functions, with the arguments in their forms. */
static void call(struct kit_convert *c, json_t *value, json_t *args)
{
    const struct koppel_transform *t = &c->run->plugin->transform;
    const struct koppel_host *table = kit_host_table(c->grown);
    void *prepared = NULL;
    c->host.ctx = (struct koppel_context){.plugin = c->run->plugin, .home = &home};
    kit_host_enter(&c->host);
    if (c->left)
        *c->left = c->at;
    if (t->prepare && t->prepare(table, c->function, args, &prepared, &c->err) != 0) {
        c->refused = true;
        c->rc = -1;
    } else {
        c->host.ctx.prepared = prepared;
        c->rc = (function_of(c)->record ? t->record : t->convert)(table, &c->host.ctx, c->function,
                                                                  value, args, &c->out, &c->err);
        if (prepared)
            t->release(prepared);
    }
    if (c->left)
        *c->left = 0;
    kit_host_enter(NULL);
    c->skipped = c->host.ctx.skipped;
    c->host.ctx.skipped = NULL;
}

static const char *fault(const struct kit_convert *c, char *text, size_t room)
{
    const struct cat_function *f = function_of(c);
    struct border_fault border;
    char words[512];
    if (c->rc != 0 && c->rc != -1)
        return "it returned neither 0 nor -1";
    if (c->rc < 0 && !c->err.kind)
        return "it failed without a reason; end it with host->fail";
    if (c->rc < 0)
        return NULL;
    if (!f->record && !c->out)
        return "it gave neither a value nor a reason";
    if (!f->record && c->skipped)
        return "it leaves out a value; host->skip is for functions of records";
    if (f->record && (c->out != NULL) == (c->skipped != NULL))
        return "it must give a record, or leave one out by host->skip";
    if (f->record && c->out && !json_is_object(c->out))
        return "it gave what is no object";
    if (!c->out || border_check(c->out, &border))
        return NULL;
    border_words(&border, words, sizeof words);
    snprintf(text, room, "what it gave %s", words);
    return text;
}

const char *kit_convert_call(struct kit_convert *c, json_t *value, char *text, size_t room)
{
    const struct cat_function *f = function_of(c);
    json_t *args = NULL, *none = json_array();
    char why[600];
    int rc = catalogue_function_args(f, c->given ? c->given : none, &args, &c->err);
    json_decref(none);
    kit_child_doing("function %s", f->name);
    if (rc < 0) {
        c->refused = true;
        c->rc = -1;
        return NULL;
    }
    json_t *value_before = json_deep_copy(value), *args_before = json_deep_copy(args);
    size_t value_held = value->refcount, args_held = args->refcount;
    call(c, value, args);
    size_t given_back = c->out == value ? 1 : 0; /* handed on, with a reference of its own */
    c->changed = !json_equal(value, value_before) || !json_equal(args, args_before) ||
                 args->refcount != args_held ||
                 (value->refcount != SIZE_MAX && value->refcount < value_held + given_back);
    json_decref(value_before);
    json_decref(args_before);
    json_decref(args);
    const char *wrong = fault(c, why, sizeof why);
    if (!wrong)
        return NULL;
    snprintf(text, room, "function %s: %s", f->name, wrong);
    return text;
}

void kit_convert_done(struct kit_convert *c)
{
    json_decref(c->out);
    free(c->skipped);
    c->out = NULL;
    c->skipped = NULL;
}
