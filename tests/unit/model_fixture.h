/* SPDX-License-Identifier: MIT
 * A record of a core model in short writing, and what completing makes of it. */
#ifndef KOPPEL_TESTS_UNIT_MODEL_FIXTURE_H
#define KOPPEL_TESTS_UNIT_MODEL_FIXTURE_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "model/complete.h"
#include "unit.h"

static struct koppel_error err;
static json_t *core, *settings, *notes;

static inline void setup(void)
{
    err = (struct koppel_error){0};
    core = settings = NULL;
    notes = json_array();
}

static inline void teardown(void)
{
    json_decref(core);
    json_decref(settings);
    json_decref(notes);
}

static inline json_t *parse(const char *text)
{
    json_error_t where;
    char copy[4096];
    size_t n = strlen(text);
    ck_assert_uint_lt(n, sizeof copy);
    for (size_t i = 0; i <= n; i++)
        copy[i] = text[i] == '\'' ? '"' : text[i];
    json_t *value = json_loads(copy, 0, &where);
    ck_assert_msg(value != NULL, "%s at %d", where.text, where.column);
    return value;
}

static inline int complete(const char *model, const char *record, const char *with, bool whole)
{
    json_decref(core);
    json_decref(settings);
    core = parse(record);
    settings = parse(with);
    err = (struct koppel_error){0};
    struct model_facts facts = {.settings = settings, .whole_numbers = whole,
                                .destination = "till", .notes = notes};
    return complete_record(model, core, &facts, &err);
}

/* A member by a simple path "lines.0.net". */
static inline const char *at(const char *path)
{
    char copy[128], *save = NULL;
    json_t *value = core;
    snprintf(copy, sizeof copy, "%s", path);
    for (char *part = strtok_r(copy, ".", &save); part; part = strtok_r(NULL, ".", &save))
        value = json_is_array(value) ? json_array_get(value, (size_t)strtol(part, NULL, 10))
                                     : json_object_get(value, part);
    const char *text = json_string_value(value);
    return text ? text : "none";
}

#define OFF                                                                                        \
    "{'vat_method':'exclusive','total_incl':'%s','vat':[{'code':'1','rate':'0.00','excl':'%s','"   \
    "vat':'0.00'}],"                                                                               \
    "'lines':[{'number':'1','quantity':'1','total_excl':'1.00','vat_code':'1'},"                   \
    "{'number':'2','quantity':'1','total_excl':'2.00','vat_code':'1'}]}"

static inline int off_by(const char *total, const char *with)
{
    char text[1024];
    snprintf(text, sizeof text, OFF, total, total);
    return complete("order", text, with, false);
}

#endif
