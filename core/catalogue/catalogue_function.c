/* SPDX-License-Identifier: MIT
 * Functions of a catalogue, their arguments and examples. */
#include "catalogue/catalogue_function.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue_arg.h"

/* ---- arguments ---- */

static int parse_args(const struct cat_at *at, json_t *object, struct cat_function *f)
{
    json_t *list;
    int count = member_list(at, object, "args", &list);
    if (count <= 0)
        return count;
    struct cat_at here = member_child(at, "args");
    f->args = calloc((size_t)count, sizeof *f->args);
    if (!f->args)
        return member_no_memory(at);
    f->arg_count = count;
    for (int i = 0; i < count; i++) {
        struct cat_at item = member_index(&here, (size_t)i);
        struct cat_arg *a = &f->args[i];
        if (catalogue_arg_parse(&item, &here, json_array_get(list, (size_t)i), a) < 0)
            return -1;
        for (int k = 0; k < i; k++) {
            if (strcmp(f->args[k].name, a->name) == 0)
                return member_mistake(&item, "this name stands here twice");
        }
        if (a->required && f->required_count < i)
            return member_mistake(&item, "it is required but follows an optional one");
        f->required_count += a->required;
        if (i > 0 && f->args[i - 1].type == ARG_LIST)
            return member_mistake(&item, "it follows a list, which takes all that are left");
    }
    return 0;
}

static int count_mistake(const struct cat_function *f, size_t given, struct koppel_error *err)
{
    char names[200] = "";
    for (int i = 0; i < f->arg_count; i++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s%s", i == 0 ? " (" : ", ", f->args[i].name,
                 i == f->arg_count - 1 ? ")" : "");
    }
    char least[32] = "";
    if (f->required_count < f->arg_count)
        snprintf(least, sizeof least, "%d to ", f->required_count);
    return err_set(err, KOPPEL_E_CONFIG, "function \"%s\" takes %s%d argument%s%s, not %zu",
                   f->name, least, f->arg_count, f->arg_count == 1 ? "" : "s", names, given);
}

/* The rest of what was given, from number `first`: a list that was written as one, or as many. */
static json_t *rest_of(const json_t *given, size_t first)
{
    json_t *one = json_array_get(given, first);
    if (json_is_array(one) && json_array_size(given) == first + 1)
        return json_incref(one);
    json_t *list = json_array();
    for (size_t i = first; i < json_array_size(given); i++)
        json_array_append(list, json_array_get(given, i));
    return list;
}

int catalogue_function_args(const struct cat_function *f, const json_t *given, json_t **out,
                            struct koppel_error *err)
{
    size_t count = json_array_size(given);
    bool open = f->arg_count > 0 && f->args[f->arg_count - 1].type == ARG_LIST;
    if (count < (size_t)f->required_count || (!open && count > (size_t)f->arg_count))
        return count_mistake(f, count, err);
    json_t *args = json_array();
    for (int i = 0; i < f->arg_count; i++) {
        const struct cat_arg *a = &f->args[i];
        json_t *made = NULL, *from = NULL;
        if ((size_t)i < count)
            from = a->type == ARG_LIST ? rest_of(given, (size_t)i)
                                       : json_incref(json_array_get(given, (size_t)i));
        int rc = from ? catalogue_arg_value(a, from, &made, err) : 0;
        json_decref(from);
        if (rc == 0 && !made)
            made = a->fallback ? json_incref(a->fallback) : json_null();
        if (rc < 0 || json_array_append_new(args, made) < 0) {
            json_decref(args);
            return rc < 0 ? err_prefix(err, "function \"%s\"", f->name)
                          : err_set(err, KOPPEL_E_RETRY, "out of memory");
        }
    }
    *out = args;
    return 0;
}


/* ---- functions ---- */

/* An example says what comes in, and what goes out or why not. */
static int parse_example(const struct cat_at *at, json_t *object, const struct cat_function *f)
{
    static const char *const known[] = {"in", "args", "out", "error", "skip", NULL};
    const char *error = NULL, *skip = NULL;
    json_t *list, *args = NULL;
    struct koppel_error why = {0};
    if (member_check_members(at, object, known) < 0
        || member_text(at, object, "error", &error) < 0
        || member_text(at, object, "skip", &skip) < 0 || member_list(at, object, "args", &list) < 0)
        return -1;
    if (!json_object_get(object, "in"))
        return member_mistake(at, "\"in\" is missing");
    if ((json_object_get(object, "out") != NULL) + (error != NULL) + (skip != NULL) != 1)
        return member_mistake(at, "it needs exactly one of \"out\", \"error\" and \"skip\"");
    if (skip && !f->record)
        return member_mistake(at, "\"skip\" belongs to functions of records");
    /* an example may show arguments that are refused */
    int rc = catalogue_function_args(f, list, &args, &why);
    json_decref(args);
    return rc == 0 || error ? 0 : member_mistake(at, "%s", why.text);
}

static int parse_examples(const struct cat_at *at, json_t *object, struct cat_function *f)
{
    json_t *list;
    int count = member_list(at, object, "examples", &list);
    struct cat_at here = member_child(at, "examples");
    for (int i = 0; i < count; i++) {
        struct cat_at item = member_index(&here, (size_t)i);
        if (parse_example(&item, json_array_get(list, (size_t)i), f) < 0)
            return -1;
    }
    f->examples = list;
    return count < 0 ? -1 : 0;
}

static const char *const types[] = {"text", "decimal", "integer", "boolean", "date", "time",
                                    "object", "list", NULL};

static int parse_takes(const struct cat_at *at, json_t *object, struct cat_function *f)
{
    const char **names = NULL;
    int count = 0, rc = member_texts(at, object, "takes", &names, &count);
    for (int i = 0; rc == 0 && i < count; i++) {
        int type = member_index_of(types, names[i]);
        if (type < 0)
            rc = member_mistake(at, "\"takes\": \"%s\" is no type of a field", names[i]);
        else
            f->takes |= 1u << type;
    }
    free(names);
    return rc;
}

static int parse_function(struct cat_at *at, const struct cat_at *list, json_t *object,
                          struct cat_function *f)
{
    static const char *const known[] = {"name", "help", "of", "takes", "gives", "args", "examples",
                                        NULL};
    static const char *const kinds[] = {"value", "record", NULL};
    int kind = 0;
    if (member_name(at, list, object, &f->name) < 0 || member_check_members(at, object, known) < 0)
        return -1;
    f->help = "";
    f->gives = -1;
    if (member_words(at, object, "help", &f->help) < 0
        || member_choice(at, object, "of", kinds, &kind) < 0 || parse_takes(at, object, f) < 0
        || member_choice(at, object, "gives", types, &f->gives) < 0)
        return -1;
    f->record = kind == 1;
    if (f->record && (f->takes || f->gives >= 0))
        return member_mistake(at, "\"takes\" and \"gives\" are for functions of values");
    return parse_args(at, object, f) < 0 ? -1 : parse_examples(at, object, f);
}

int catalogue_function_parse(const struct cat_at *at, json_t *object, struct catalogue *c)
{
    json_t *list;
    int count = member_list(at, object, "functions", &list);
    if (count <= 0)
        return count;
    struct cat_at here = member_child(at, "functions");
    c->functions = calloc((size_t)count, sizeof *c->functions);
    if (!c->functions)
        return member_no_memory(at);
    c->function_count = count;
    for (int i = 0; i < count; i++) {
        struct cat_at item = member_index(&here, (size_t)i);
        if (parse_function(&item, &here, json_array_get(list, (size_t)i), &c->functions[i]) < 0)
            return -1;
        for (int k = 0; k < i; k++) {
            if (strcmp(c->functions[k].name, c->functions[i].name) == 0)
                return member_mistake(&item, "this name stands here twice");
        }
    }
    return 0;
}

void catalogue_function_free(struct cat_function *functions, int count)
{
    for (int i = 0; functions && i < count; i++) {
        for (int k = 0; k < functions[i].arg_count; k++)
            catalogue_arg_done(&functions[i].args[k]);
        free(functions[i].args);
    }
    free(functions);
}
